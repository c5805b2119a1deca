import type { ActivationView } from "@tcm/api-contract";
import type { Network, Outcome, ProblemItem } from "@tcm/core";
import type { Transaction } from "kysely";
import type { Database } from "../../store/schema.ts";
import { type Queries, transaction } from "../../store/store.ts";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import { type Actor, timestamp } from "../actor.ts";
import { runningActivation, viewActivation } from "./activation-row.ts";
import { beginActivation } from "./begin-activation.ts";
import { caNameSenders, listSenders } from "./ca-names-sent.ts";
import { activeVersions, type CaSetRow, findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { seconds } from "../context.ts";
import { busy, refuseCertificates } from "../versions/refuse-version.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { isExpected } from "../edge-nodes/expected-nodes.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, type Refusal, refuse } from "../refuse.ts";
import { refuseDeployment } from "../refuse-missing-right.ts";
import { type ActivationWish, refuseActivate } from "./refuse-activation.ts";
import { endActivation } from "./settle-activation.ts";
import { versionContent } from "../versions/version-content.ts";
import { findLivingVersion, optionsOf, type VersionRow, versionCertificates } from "../versions/version-row.ts";
import { refuseStaleVersion } from "../versions/version-tag.ts";

/**
 * Deploys a version to a network. Answers when it is on disk and on its way; the nodes' proofs come later. With `ifMatch` it deploys
 * what somebody has looked at, and nothing that another has made of it since.
 */
export async function activateVersion(
  context: DeploymentContext,
  actor: Actor,
  caSetId: number,
  wish: ActivationWish,
  ifMatch?: string,
): Promise<Outcome<ActivationView>> {
  const missing = refuseDeployment(actor, wish.network);
  if (missing !== undefined) return missing;
  const found = await findDeployable(context.store.db, caSetId, wish, ifMatch);
  if (!found.ok) return found;
  const { caSet, row } = found.value;
  const { network } = wish;
  const senders = await caNameSenders(context.store.db, caSet.id, { network, at: timestamp(context.clock()) });
  const sendsNames = senders.length > 0;
  const answer = await validateForDeployment(context, caSet, row, { network, sendsNames });
  if (answer === "busy") return busy();
  if (answer.errors.length > 0) {
    await recordRefusal(context, actor, caSet, wish);
    const errors = answer.errors.map((error) => withSenders(error, senders));
    return refuseCertificates("certificate-validation-failure-activate", caSet, { errors }, wish.version);
  }
  return deploymentTransaction(context, (queries, announce) =>
    activateValidated(queries, announce, {
      context,
      actor,
      caSetId,
      wish,
      ifMatch,
      validated: row,
      sendsNames,
      answer,
    }),
  );
}

type Validated = {
  readonly context: DeploymentContext;
  readonly actor: Actor;
  readonly caSetId: number;
  readonly wish: ActivationWish;
  readonly ifMatch: string | undefined;
  readonly validated: VersionRow;
  readonly sendsNames: boolean;
  readonly answer: ValidationAnswer;
};

/** What others may have changed during the validation is looked at again. */
async function activateValidated(
  queries: Transaction<Database>,
  announce: Announce,
  { context, actor, caSetId, wish, ifMatch, validated, sendsNames, answer }: Validated,
): Promise<Outcome<ActivationView>> {
  const found = await findDeployable(queries, caSetId, wish, ifMatch);
  if (!found.ok) return found;
  const { caSet, row } = found.value;
  const place = { network: wish.network, at: timestamp(context.clock()) };
  const isOutdated = !sendsNames && (await caNameSenders(queries, caSetId, place)).length > 0;
  if (isOutdated || row.content_digest !== validated.content_digest) return refuseEdited(caSet, wish);
  const warnings = [...answer.warnings, ...(await deploymentWarnings(queries, caSetId, wish, place.at))];
  await supersede(queries, announce, { actor, caSetId, ...place });
  const content = await versionContent(queries, caSet, wish.version);
  const activation = { caSet, type: "ACTIVATE", content, ...wish } as const;
  const begun = await beginActivation(queries, announce, context, actor, activation);
  return done(await viewActivation(queries, caSet, begun, warnings));
}

async function findDeployable(
  queries: Queries,
  caSetId: number,
  wish: ActivationWish,
  ifMatch: string | undefined,
): Promise<Outcome<{ readonly caSet: CaSetRow; readonly row: VersionRow }>> {
  const caSet = await findLivingCaSet(queries, caSetId);
  if (!caSet.ok) return caSet;
  const row = await findLivingVersion(queries, caSet.value, wish.version);
  if (!row.ok) return row;
  const refusal =
    (await refuseActivate(queries, caSet.value, wish)) ?? refuseStaleVersion(caSet.value, row.value, ifMatch);
  return refusal ?? done({ caSet: caSet.value, row: row.value });
}

async function validateForDeployment(
  { store, validation, ...context }: DeploymentContext,
  caSet: CaSetRow,
  row: VersionRow,
  { network, sendsNames }: { readonly network: Network; readonly sendsNames: boolean },
): Promise<ValidationAnswer | "busy"> {
  return validation.ask({
    certificates: await versionCertificates(store.db, caSet.id, row.version),
    options: optionsOf(row),
    occasion: "deploy",
    now: seconds({ store, validation, ...context }),
    wasActiveBefore: await wasActiveOn(store.db, caSet.id, row.version, network),
    sendsCaNames: sendsNames,
  });
}

/** What to mend stands on the nodes, or in the edge certificates: the version is good elsewhere. */
function withSenders(error: ProblemItem, senders: readonly string[]): ProblemItem {
  if (error.type !== "ca-list-too-large") return error;
  return { ...error, detail: `${error.detail} Sent by ${listSenders(senders)}.` };
}

/** Completed there, or in force there, now or when another took its place: a deployment that ended at its deadline is in force too. */
async function wasActiveOn(queries: Queries, caSetId: number, version: number, network: Network): Promise<boolean> {
  if ((await activeVersions(queries, caSetId))[network] === version) return true;
  const earlier = await queries
    .selectFrom("activations")
    .select("id")
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", network)
    .where((eb) =>
      eb.or([
        eb("previous_version", "=", version),
        eb.and([eb("version", "=", version), eb("type", "=", "ACTIVATE"), eb("status", "=", "COMPLETE")]),
      ]),
    )
    .executeTakeFirst();
  return earlier !== undefined;
}

async function deploymentWarnings(
  queries: Queries,
  caSetId: number,
  { version, network }: ActivationWish,
  at: string,
): Promise<readonly ProblemItem[]> {
  const nodes = await queries
    .selectFrom("edge_nodes")
    .select("id")
    .where("network", "=", network)
    .where(isExpected(at))
    .executeTakeFirst();
  const untried = network === "PRODUCTION" && !(await wasActiveOn(queries, caSetId, version, "STAGING"));
  return [...(untried ? [untriedWarning] : []), ...(nodes === undefined ? [emptyNetworkWarning(network)] : [])];
}

const untriedWarning: ProblemItem = {
  type: "activate-version-on-production-without-activating-on-staging",
  title: "Not tried on staging",
  detail: "The version goes to production without having been active on staging. Deploy it to staging first to try it.",
};

function emptyNetworkWarning(network: Network): ProblemItem {
  return {
    type: "network-has-no-nodes",
    title: "No edge node",
    detail: `No edge node is enrolled on ${network}, so the activation is complete at once and nothing serves it yet.`,
  };
}

type RollBack = {
  readonly actor: Actor;
  readonly caSetId: number;
  readonly network: Network;
  /** ISO 8601. */
  readonly at: string;
};

/** A roll back takes the place of the activation that it undoes; any other wish was refused before. */
async function supersede(
  queries: Queries,
  announce: Announce,
  { actor, caSetId, network, at }: RollBack,
): Promise<void> {
  const running = await runningActivation(queries, caSetId, network);
  if (running === undefined) return;
  const reason = `Superseded: ${actor.name} rolled back to version ${running.previous_version}.`;
  await endActivation(queries, announce, running, { status: "FAILED", reason, at, by: actor.name });
}

function refuseEdited(caSet: CaSetRow, { version }: ActivationWish): Refusal {
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, version };
  return refuse(
    "precondition-failed",
    `Version ${version}, or what it is bound to, was changed while it was being validated. Nothing was deployed; look at it again.`,
    { contextInfo },
  );
}

async function recordRefusal(
  { store, clock }: DeploymentContext,
  actor: Actor,
  caSet: CaSetRow,
  { network, version }: ActivationWish,
): Promise<void> {
  const at = timestamp(clock());
  await transaction(store, (queries) =>
    recordActivity(queries, { caSetId: caSet.id, type: "REFUSE_ACTIVATION", network, version, at, by: actor.name }),
  );
}
