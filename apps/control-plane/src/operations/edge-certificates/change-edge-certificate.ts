import type { ChangeEdgeCertificateRequest, EdgeCertificateView } from "@tcm/api-contract";
import { type Outcome, type TrustOpening, trustOpenings } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { findEdgeCertificateView, refuseStaleEdgeCertificate } from "./edge-certificate-view.ts";
import { deployEdgeCertificate, insertHostnames, type Precondition } from "./edge-certificates.ts";
import { raiseTrustOpened, refuseUnconfirmed, watchedHostnames } from "./open-trust.ts";
import { type Activity, type ActivityType, recordActivity } from "../history/record-activity.ts";
import { done } from "../refuse.ts";
import {
  normaliseHostnames,
  refuseClientAuthentication,
  refuseHostname,
  refuseTakenHostname,
} from "./refuse-edge-certificate.ts";

export type EdgeCertificateChange = Precondition & { readonly request: ChangeEdgeCertificateRequest };

/** Changes who is let in under which hostnames: a deployment to both networks. What is left out stays as it is. */
export async function changeEdgeCertificate(
  context: DeploymentContext,
  actor: Actor,
  id: number,
  change: EdgeCertificateChange,
): Promise<Outcome<EdgeCertificateView>> {
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<EdgeCertificateView>> => {
    const at = timestamp(context.clock());
    const planned = await planChange(queries, id, change, at);
    if (!planned.ok) return planned;
    await carryOut(queries, announce, planned.value, { edgeCertificateId: id, at, by: actor.name });
    return findEdgeCertificateView(queries, id, at);
  });
}

type PlannedChange = {
  readonly before: EdgeCertificateView;
  readonly hostnames: readonly string[];
  readonly wanted: ReturnType<typeof changed>;
  readonly openings: readonly TrustOpening[];
};

/** Reads alone: how it would be bound, or why it is not. */
async function planChange(
  queries: Queries,
  id: number,
  { request, ifMatch, isConfirmed }: EdgeCertificateChange,
  at: string,
): Promise<Outcome<PlannedChange>> {
  const found = await findEdgeCertificateView(queries, id, at);
  if (!found.ok) return found;
  const before = found.value;
  const { caSetId, mode } = before.clientAuthentication;
  const submitted = request.hostnames ?? before.hostnames;
  const hostnames = normaliseHostnames(submitted);
  const wanted = changed(before.clientAuthentication, request.clientAuthentication);
  const caSet = await findLivingCaSet(queries, Number(wanted.caSetId));
  if (!caSet.ok) return caSet;
  const bound = { hostnames: before.hostnames, mode };
  const openings = trustOpenings(bound, { hostnames, mode: wanted.mode }, await watchedHostnames(queries, id));
  const binding = { id, isNew: wanted.caSetId !== caSetId, at };
  const refusal =
    refuseStaleEdgeCertificate(before, ifMatch) ??
    (request.hostnames === undefined ? undefined : refuseHostname(hostnames, submitted)) ??
    (await refuseClientAuthentication(queries, caSet.value, wanted, binding)) ??
    (await refuseTakenHostname(queries, hostnames, id)) ??
    refuseUnconfirmed(openings, isConfirmed);
  return refusal ?? done({ before, hostnames, wanted, openings });
}

type When = Pick<Activity, "at" | "by"> & { readonly edgeCertificateId: number };

async function carryOut(
  queries: Queries,
  announce: Announce,
  { before, hostnames, wanted, openings }: PlannedChange,
  when: When,
): Promise<void> {
  const { edgeCertificateId: id, at, by } = when;
  const caSetId = Number(wanted.caSetId);
  const changes = {
    ca_set_id: caSetId,
    mode: wanted.mode,
    send_ca_list_to_client: wanted.sendCaListToClient ? (1 as const) : (0 as const),
    modified_at: at,
    modified_by: by,
  };
  await queries.updateTable("edge_certificates").set(changes).where("id", "=", id).execute();
  await queries.deleteFrom("edge_certificate_hostnames").where("edge_certificate_id", "=", id).execute();
  await insertHostnames(queries, id, hostnames);
  await deployEdgeCertificate(queries, announce, id, at);
  await recordChange(queries, Number(before.clientAuthentication.caSetId), caSetId, when);
  await raiseTrustOpened(queries, announce, { ...when, openings });
}

function changed(
  before: EdgeCertificateView["clientAuthentication"],
  wish: ChangeEdgeCertificateRequest["clientAuthentication"] = {},
) {
  return {
    caSetId: wish.caSetId ?? before.caSetId,
    mode: wish.mode ?? before.mode,
    sendCaListToClient: wish.sendCaListToClient ?? before.sendCaListToClient,
    revocation: wish.revocation ?? before.revocation,
  };
}

/** A set that loses the certificate and one that gets it each have it on their record. */
async function recordChange(queries: Queries, from: number, to: number, when: When): Promise<void> {
  const record = (caSetId: number, type: ActivityType) => recordActivity(queries, { caSetId, type, ...when });
  if (from === to) return record(to, "CHANGE_EDGE_CERTIFICATE");
  await record(from, "UNBIND_EDGE_CERTIFICATE");
  return record(to, "BIND_EDGE_CERTIFICATE");
}
