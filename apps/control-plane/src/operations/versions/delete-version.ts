import type { Outcome } from "@tcm/core";
import { transaction } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done } from "../refuse.ts";
import { removalDate } from "../ca-sets/removal-date.ts";
import { refuseActiveVersion } from "./update-version.ts";
import { findLivingVersion } from "./version-row.ts";
import { refuseStaleVersion } from "./version-tag.ts";

/** Deletes a version that is active nowhere; it can be looked at until it is removed. Its number is never given again. */
export async function deleteVersion(
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  version: number,
  ifMatch?: string,
): Promise<Outcome<undefined>> {
  return transaction(context.store, async (queries): Promise<Outcome<undefined>> => {
    const caSet = await findLivingCaSet(queries, caSetId);
    if (!caSet.ok) return caSet;
    const found = await findLivingVersion(queries, caSet.value, version);
    if (!found.ok) return found;
    const refusal =
      (await refuseActiveVersion(queries, caSet.value, version, "cannot be deleted. Deactivate it first")) ??
      refuseStaleVersion(caSet.value, found.value, ifMatch);
    if (refusal !== undefined) return refusal;
    const now = context.clock();
    const at = timestamp(now);
    await queries
      .updateTable("ca_set_versions")
      .set({ status: "DELETED", removal_at: removalDate(now) })
      .where("ca_set_id", "=", caSetId)
      .where("version", "=", version)
      .execute();
    await queries.updateTable("ca_sets").set({ modified_at: at }).where("id", "=", caSetId).execute();
    await recordActivity(queries, { caSetId, type: "DELETE_CA_SET_VERSION", version, at, by: actor.name });
    return done(undefined);
  });
}
