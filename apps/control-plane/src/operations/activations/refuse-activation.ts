import type { ActivationType, Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { hasPilotEntry, type PilotWish } from "./activation-pilot.ts";
import { type ActivationRow, runningActivation } from "./activation-row.ts";
import { activeVersions, type CaSetRow } from "../ca-sets/ca-set-row.ts";
import { boundEdgeCertificates, refuseInUse } from "../edge-certificates/edge-certificate-row.ts";
import { activationLink } from "../link.ts";
import { type Refusal, refuse } from "../refuse.ts";
import { caSetEntryId } from "../versions/version-content.ts";

export type ActivationWish = {
  readonly version: number;
  readonly network: Network;
  /** Undefined: to all nodes at once. */
  readonly oneNodeFirst?: PilotWish | undefined;
};

/**
 * What may take the place of a running activation: going back to the version in force. Three in the morning is no time to
 * wait for a deployment that one wants undone.
 */
function isRollBack(running: ActivationRow, { version }: ActivationWish): boolean {
  const isBackAlready = running.type === "ACTIVATE" && running.version === version;
  return running.previous_version === version && !isBackAlready;
}

/** Why the version cannot be activated now; undefined when it can. */
export async function refuseActivate(
  queries: Queries,
  caSet: CaSetRow,
  wish: ActivationWish,
): Promise<Refusal | undefined> {
  const running = await runningActivation(queries, caSet.id, wish.network);
  if (running !== undefined) return isRollBack(running, wish) ? undefined : refuseRunning(caSet, running);
  const active = (await activeVersions(queries, caSet.id))[wish.network];
  if (active !== wish.version) return undefined;
  // A removal that went no further than to one node is undone by deploying what is in force once more.
  if (await hasPilotEntry(queries, wish.network, caSetEntryId(caSet.id))) return undefined;
  if (await hasFailed(queries, caSet, wish, "ACTIVATE")) return undefined;
  return refuse(
    "ca-set-version-already-active-on-network",
    `Version ${wish.version} of CA set ${caSet.name} is active on ${wish.network} already. There is nothing to deploy.`,
    { contextInfo: wishInfo(caSet, wish) },
  );
}

/** Why the version cannot be deactivated now; undefined when it can. */
export async function refuseDeactivate(
  queries: Queries,
  caSet: CaSetRow,
  wish: ActivationWish,
): Promise<Refusal | undefined> {
  const running = await runningActivation(queries, caSet.id, wish.network);
  if (running !== undefined) return refuseRunning(caSet, running);
  const active = (await activeVersions(queries, caSet.id))[wish.network];
  const isToBeProved = active === undefined && (await hasFailed(queries, caSet, wish, "DEACTIVATE"));
  if (active !== wish.version && !isToBeProved) {
    const is = active === undefined ? "no version is" : `version ${active} is`;
    return refuse(
      "ca-set-version-not-active-on-network",
      `Version ${wish.version} of CA set ${caSet.name} is not active on ${wish.network}; ${is}.`,
      { contextInfo: wishInfo(caSet, wish) },
    );
  }
  const bound = await boundEdgeCertificates(queries, caSet.id);
  return bound.length === 0 ? undefined : refuseInUse(caSet, wish.network, bound);
}

/**
 * Whether the last time that this was asked for ended without its being proved: then it may be asked for again, as a new generation with
 * the same content. Spec §6 keeps what a deadline ended in force, and mETS calls a version active only once that is COMPLETE.
 */
async function hasFailed(
  queries: Queries,
  caSet: CaSetRow,
  { version, network }: ActivationWish,
  type: ActivationType,
): Promise<boolean> {
  const last = await queries
    .selectFrom("activations")
    .select("status")
    .where("ca_set_id", "=", caSet.id)
    .where("network", "=", network)
    .where("version", "=", version)
    .where("type", "=", type)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return last?.status === "FAILED";
}

function wishInfo(caSet: CaSetRow, { version, network }: ActivationWish) {
  return { caSetId: String(caSet.id), caSetName: caSet.name, network, version };
}

const runningSlugs: Readonly<
  Record<
    ActivationType,
    "another-activation-request-in-progress-in-the-ca-set" | "another-deactivation-request-in-progress-in-the-ca-set"
  >
> = {
  ACTIVATE: "another-activation-request-in-progress-in-the-ca-set",
  DEACTIVATE: "another-deactivation-request-in-progress-in-the-ca-set",
};

export function refuseRunning(caSet: CaSetRow, running: ActivationRow): Refusal {
  const link = activationLink(caSet.id, running.version, running.id);
  const contextInfo = {
    activationLink: link,
    activationType: running.type,
    ...wishInfo(caSet, running),
  };
  const what = running.type === "ACTIVATE" ? "activated" : "deactivated";
  return refuse(
    runningSlugs[running.type],
    `Version ${running.version} of CA set ${caSet.name} is being ${what} on ${running.network} (${link}). Wait for it, or cancel it.`,
    { contextInfo },
  );
}
