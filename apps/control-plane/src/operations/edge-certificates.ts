import type { CreateEdgeCertificateRequest, EdgeCertificateView } from "@tcm/api-contract";
import { type EdgeCertificateContent, hostnameProblem, networks, type Outcome } from "@tcm/core";
import { writeEntry } from "../manifest/write-entry.ts";
import type { Queries } from "../store/store.ts";
import { type Actor, timestamp } from "./actor.ts";
import { runningActivation } from "./activation-row.ts";
import { activeVersions, type CaSetRow, findLivingCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "./context.ts";
import { type DeploymentContext, deploymentTransaction } from "./deployment-context.ts";
import { bindingProgress } from "./edge-certificate-progress.ts";
import { edgeCertificateEntryId, type EdgeCertificateRow, edgeCertificateRows } from "./edge-certificate-row.ts";
import { caListProblem } from "./edge-certificate-names.ts";
import { edgeCertificateLink } from "./link.ts";
import { recordActivity } from "./record-activity.ts";
import { done, type Refusal, refuse } from "./refuse.ts";
import { refuseRunning } from "./refuse-activation.ts";

/** Binds hostnames to a set. From then on their clients must present a certificate, so this is a deployment to both networks. */
export async function createEdgeCertificate(
  context: DeploymentContext,
  actor: Actor,
  request: CreateEdgeCertificateRequest,
): Promise<Outcome<EdgeCertificateView>> {
  const hostnames = [...new Set(request.hostnames.map((hostname) => hostname.toLowerCase()))].sort();
  const badName = refuseHostname(hostnames, request.hostnames);
  if (badName !== undefined) return badName;
  const { caSetId, mode, sendCaListToClient } = request.clientAuthentication;
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<EdgeCertificateView>> => {
    const found = await findLivingCaSet(queries, Number(caSetId));
    if (!found.ok) return found;
    const refusal =
      (await refuseUnbindable(queries, found.value)) ??
      (await refuseTakenHostname(queries, hostnames)) ??
      (sendCaListToClient ? await caListProblem(queries, found.value) : undefined);
    if (refusal !== undefined) return refusal;
    const at = timestamp(context.clock());
    const id = await insertEdgeCertificate(queries, {
      caSetId: Number(caSetId),
      mode,
      sendCaListToClient,
      hostnames,
      at,
      by: actor.name,
    });
    const content: EdgeCertificateContent = {
      kind: "edge-certificate",
      edgeCertificateId: id,
      hostnames,
      caSetId,
      mode,
      sendCaListToClient,
    };
    for (const network of networks) {
      await writeEntry(queries, network, edgeCertificateEntryId(id), content, at);
      announce(network);
    }
    await recordActivity(queries, { caSetId: found.value.id, type: "BIND_EDGE_CERTIFICATE", at, by: actor.name });
    return findView(queries, id);
  });
}

/** Its hostnames are not served any more: clients get no connection, with or without a certificate. */
export async function deleteEdgeCertificate(
  context: DeploymentContext,
  actor: Actor,
  id: number,
): Promise<Outcome<undefined>> {
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<undefined>> => {
    const [row] = await edgeCertificateRows(queries, id);
    if (row === undefined) return refuseUnknown(id);
    const at = timestamp(context.clock());
    await queries.deleteFrom("edge_certificates").where("id", "=", id).execute();
    for (const network of networks) {
      await writeEntry(queries, network, edgeCertificateEntryId(id), null, at);
      announce(network);
    }
    await recordActivity(queries, { caSetId: row.ca_set_id, type: "UNBIND_EDGE_CERTIFICATE", at, by: actor.name });
    return done(undefined);
  });
}

export async function getEdgeCertificate(
  { store }: OperationContext,
  id: number,
): Promise<Outcome<EdgeCertificateView>> {
  return findView(store.db, id);
}

/** In order of their ids. */
export async function listEdgeCertificates({
  store: { db },
}: OperationContext): Promise<readonly EdgeCertificateView[]> {
  const views: EdgeCertificateView[] = [];
  for (const row of await edgeCertificateRows(db)) views.push(await present(db, row));
  return views;
}

async function findView(queries: Queries, id: number): Promise<Outcome<EdgeCertificateView>> {
  const [row] = await edgeCertificateRows(queries, id);
  return row === undefined ? refuseUnknown(id) : done(await present(queries, row));
}

function refuseUnknown(id: number): Refusal {
  return refuse("edge-certificate-not-found", `There is no edge certificate ${id}.`, {
    contextInfo: { edgeCertificateId: id },
  });
}

async function present(queries: Queries, row: EdgeCertificateRow): Promise<EdgeCertificateView> {
  const { name } = await queries
    .selectFrom("ca_sets")
    .select("name")
    .where("id", "=", row.ca_set_id)
    .executeTakeFirstOrThrow();
  return {
    edgeCertificateId: row.id,
    edgeCertificateLink: edgeCertificateLink(row.id),
    hostnames: [...row.hostnames],
    clientAuthentication: {
      caSetId: String(row.ca_set_id),
      caSetName: name,
      mode: row.mode,
      sendCaListToClient: row.send_ca_list_to_client === 1,
    },
    staging: await bindingProgress(queries, "STAGING", row.id),
    production: await bindingProgress(queries, "PRODUCTION", row.id),
    createdDate: row.created_at,
    createdBy: row.created_by,
  };
}

function refuseHostname(hostnames: readonly string[], submitted: readonly string[]): Refusal | undefined {
  for (const hostname of hostnames) {
    const fault = hostnameProblem(hostname);
    if (fault === undefined) continue;
    const position = submitted.findIndex((text) => text.toLowerCase() === hostname);
    const pointer = `/hostnames/${position}`;
    const detail = `The hostname ${JSON.stringify(hostname)} cannot be used: ${fault}.`;
    const contextInfo = { parameterName: "hostnames", invalidParameterValue: hostname };
    return refuse("invalid-field", detail, {
      contextInfo,
      pointer,
      errors: [{ type: "invalid-field", title: "Invalid value", detail, pointer }],
    });
  }
  return undefined;
}

/** mETS: a new set must be on both networks first, or the certificate's clients would be turned away on one of them. */
async function refuseUnbindable(queries: Queries, caSet: CaSetRow): Promise<Refusal | undefined> {
  const active = await activeVersions(queries, caSet.id);
  const missing = networks.filter((network) => active[network] === undefined);
  if (missing.length > 0) {
    const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, missingNetworks: missing };
    return refuse(
      "ca-set-not-on-both-networks",
      `CA set ${caSet.name} is not active on ${missing.join(" and ")}. Deploy a version there first.`,
      { contextInfo },
    );
  }
  for (const network of networks) {
    const running = await runningActivation(queries, caSet.id, network);
    if (running?.type === "DEACTIVATE") return refuseRunning(caSet, running);
  }
  return undefined;
}

async function refuseTakenHostname(queries: Queries, hostnames: readonly string[]): Promise<Refusal | undefined> {
  const taken = await queries
    .selectFrom("edge_certificate_hostnames")
    .selectAll()
    .where("hostname", "in", hostnames)
    .orderBy("hostname")
    .executeTakeFirst();
  if (taken === undefined) return undefined;
  const { hostname, edge_certificate_id: edgeCertificateId } = taken;
  return refuse(
    "hostname-already-bound",
    `${hostname} belongs to edge certificate ${edgeCertificateId}. A hostname belongs to one only.`,
    { contextInfo: { hostname, edgeCertificateId, edgeCertificateLink: edgeCertificateLink(edgeCertificateId) } },
  );
}

type NewEdgeCertificate = {
  readonly caSetId: number;
  readonly mode: "deny" | "observe";
  readonly sendCaListToClient: boolean;
  readonly hostnames: readonly string[];
  readonly at: string;
  readonly by: string;
};

async function insertEdgeCertificate(queries: Queries, fresh: NewEdgeCertificate): Promise<number> {
  const { caSetId, mode, sendCaListToClient, hostnames, at, by } = fresh;
  const { id } = await queries
    .insertInto("edge_certificates")
    .values({
      ca_set_id: caSetId,
      mode,
      send_ca_list_to_client: sendCaListToClient ? 1 : 0,
      created_at: at,
      created_by: by,
      modified_at: null,
      modified_by: null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const names = hostnames.map((hostname) => ({ hostname, edge_certificate_id: id }));
  await queries.insertInto("edge_certificate_hostnames").values(names).execute();
  return id;
}
