import type { VersionView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { transaction } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { type OperationContext, seconds } from "../context.ts";
import { copyVersion } from "./copy-version.ts";
import { takeNumber } from "./new-version.ts";
import { busy, refuseVersionLimit } from "./refuse-version.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done } from "../refuse.ts";
import { findLivingVersion, optionsOf, presentVersion, versionCertificates } from "./version-row.ts";
import { refuseStaleVersion } from "./version-tag.ts";

/** An equal version under the next number, to be edited. Expired members are copied, and said so. `ifMatch` is of what is copied. */
export async function cloneVersion(
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  from: number,
  ifMatch?: string,
): Promise<Outcome<VersionView>> {
  const caSet = await findLivingCaSet(context.store.db, caSetId);
  if (!caSet.ok) return caSet;
  const source = await findLivingVersion(context.store.db, caSet.value, from);
  if (!source.ok) return source;
  const certificates = await versionCertificates(context.store.db, caSetId, from);
  const question = {
    certificates,
    options: optionsOf(source.value),
    occasion: "clone" as const,
    now: seconds(context),
  };
  const answer = await context.validation.ask(question);
  if (answer === "busy") return busy();
  return transaction(context.store, async (queries): Promise<Outcome<VersionView>> => {
    const again = await findLivingCaSet(queries, caSetId);
    if (!again.ok) return again;
    // The source may have been edited since it was validated.
    const original = await findLivingVersion(queries, again.value, from);
    if (!original.ok) return original;
    const refusal =
      (await refuseVersionLimit(queries, context, again.value)) ??
      refuseStaleVersion(again.value, original.value, ifMatch);
    if (refusal !== undefined) return refusal;
    const created = await takeNumber(queries, again.value, { at: timestamp(context.clock()), by: actor.name });
    const row = await copyVersion(queries, original.value, created);
    await recordActivity(queries, { ...created, type: "CREATE_CA_SET_VERSION" });
    const copied = await versionCertificates(queries, caSetId, created.version);
    return done(presentVersion(again.value, row, {}, { certificates: copied, validation: answer }));
  });
}
