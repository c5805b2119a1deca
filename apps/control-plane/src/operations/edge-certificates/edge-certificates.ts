import { setImmediate } from "node:timers/promises";
import type { CheckedCreateEdgeCertificateRequest, EdgeCertificateView } from "@tcm/api-contract";
import { type EdgeCertificateContent, networks, type Outcome, trustOpenings } from "@tcm/core";
import { writeEntry } from "../../manifest/write-entry.ts";
import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { edgeCertificateEntryId, type EdgeCertificateRow, edgeCertificateRows } from "./edge-certificate-row.ts";
import {
  findEdgeCertificateView,
  presentEdgeCertificates,
  refuseStaleEdgeCertificate,
} from "./edge-certificate-view.ts";
import { edgeCertificateIds } from "../link.ts";
import { raiseTrustOpened, refuseUnconfirmed, watchedHostnames } from "./open-trust.ts";
import { recordActivity } from "../history/record-activity.ts";
import {
  normaliseHostnames,
  refuseClientAuthentication,
  refuseHostname,
  refuseTakenHostname,
} from "./refuse-edge-certificate.ts";
import { recordEvent } from "../history/record-event.ts";
import { done } from "../refuse.ts";

/** Binds hostnames to a set. From then on their clients must present a certificate, so this is a deployment to both networks. */
export async function createEdgeCertificate(
  context: DeploymentContext,
  actor: Actor,
  request: CheckedCreateEdgeCertificateRequest,
  isConfirmed = false,
): Promise<Outcome<EdgeCertificateView>> {
  const hostnames = normaliseHostnames(request.hostnames);
  const badName = refuseHostname(hostnames, request.hostnames);
  if (badName !== undefined) return badName;
  const { caSetId, mode, sendCaListToClient } = request.clientAuthentication;
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<EdgeCertificateView>> => {
    const found = await findLivingCaSet(queries, Number(caSetId));
    if (!found.ok) return found;
    const at = timestamp(context.clock());
    const binding = { id: undefined, isNew: true, at };
    const openings = trustOpenings(undefined, { hostnames, mode }, noneWatched);
    const refusal =
      (await refuseClientAuthentication(queries, found.value, request.clientAuthentication, binding)) ??
      (await refuseTakenHostname(queries, hostnames)) ??
      refuseUnconfirmed(openings, isConfirmed);
    if (refusal !== undefined) return refusal;
    const id = await insertEdgeCertificate(queries, {
      caSetId: Number(caSetId),
      mode,
      sendCaListToClient,
      hostnames,
      at,
      by: actor.name,
    });
    await deployEdgeCertificate(queries, announce, id, at);
    const record = { caSetId: found.value.id, edgeCertificateId: id, at, by: actor.name };
    await recordActivity(queries, { type: "BIND_EDGE_CERTIFICATE", ...record });
    await raiseTrustOpened(queries, announce, { edgeCertificateId: id, openings, at, by: actor.name });
    return findEdgeCertificateView(queries, id, at);
  });
}

export type Precondition = { readonly ifMatch: string | undefined; readonly isConfirmed: boolean };

/** What is new takes no hostname away from anybody. */
const noneWatched: ReadonlyMap<string, number> = new Map();

/** Its hostnames are not served any more, unless a wildcard covers them: clients get no connection, with or without a certificate. */
export async function deleteEdgeCertificate(
  context: DeploymentContext,
  actor: Actor,
  id: number,
  { ifMatch, isConfirmed }: Precondition,
): Promise<Outcome<undefined>> {
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<undefined>> => {
    const at = timestamp(context.clock());
    const before = await findEdgeCertificateView(queries, id, at);
    if (!before.ok) return before;
    const { hostnames, clientAuthentication } = before.value;
    const bound = { hostnames, mode: clientAuthentication.mode };
    const openings = trustOpenings(bound, undefined, await watchedHostnames(queries, id));
    const refusal = refuseStaleEdgeCertificate(before.value, ifMatch) ?? refuseUnconfirmed(openings, isConfirmed);
    if (refusal !== undefined) return refusal;
    await queries.deleteFrom("edge_certificates").where("id", "=", id).execute();
    await deployEdgeCertificate(queries, announce, id, at);
    const record = { caSetId: Number(clientAuthentication.caSetId), edgeCertificateId: id, at, by: actor.name };
    await recordActivity(queries, { type: "UNBIND_EDGE_CERTIFICATE", ...record });
    await raiseTrustOpened(queries, announce, { edgeCertificateId: id, openings, at, by: actor.name });
    return done(undefined);
  });
}

/** Makes what is written of the edge certificate, or nothing when it is gone, what the nodes of both networks serve. */
export async function deployEdgeCertificate(
  queries: Queries,
  announce: Announce,
  id: number,
  at: string,
): Promise<void> {
  const [row] = await edgeCertificateRows(queries, id);
  const content = row === undefined ? null : contentOf(row);
  for (const network of networks) {
    await writeEntry(queries, network, edgeCertificateEntryId(id), content, at);
    announce(network);
  }
  const change = content === null ? "withdrawn" : "deployed";
  await recordEvent(queries, { type: "edge-certificate", ...edgeCertificateIds(id), change }, at);
}

function contentOf({
  id,
  hostnames,
  ca_set_id,
  mode,
  send_ca_list_to_client,
}: EdgeCertificateRow): EdgeCertificateContent {
  return {
    kind: "edge-certificate",
    edgeCertificateId: id,
    hostnames,
    caSetId: String(ca_set_id),
    mode,
    sendCaListToClient: send_ca_list_to_client === 1,
  };
}

export async function getEdgeCertificate(
  { store, clock }: OperationContext,
  id: number,
): Promise<Outcome<EdgeCertificateView>> {
  return findEdgeCertificateView(store.db, id, timestamp(clock()));
}

/** Each counts every node. */
const certificatesAtOnce = 4;

/** In order of their ids, some at a time: a long list holds up nobody. */
export async function* listEdgeCertificates({
  store: { db },
  clock,
}: OperationContext): AsyncGenerator<EdgeCertificateView> {
  const rows = await edgeCertificateRows(db);
  for (let from = 0; from < rows.length; from += certificatesAtOnce) {
    yield* await presentEdgeCertificates(db, rows.slice(from, from + certificatesAtOnce), timestamp(clock()));
    await setImmediate();
  }
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
  await insertHostnames(queries, id, hostnames);
  return id;
}

export async function insertHostnames(queries: Queries, id: number, hostnames: readonly string[]): Promise<void> {
  const names = hostnames.map((hostname) => ({ hostname, edge_certificate_id: id }));
  await queries.insertInto("edge_certificate_hostnames").values(names).execute();
}
