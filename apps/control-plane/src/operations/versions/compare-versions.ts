import type { ValidateRequest, VersionChanges, VersionDiffView } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import type { ValidationAnswer } from "../../validation/validation-answer.ts";
import { type Side, changesBetween } from "../activations/changes-between.ts";
import type { OperationContext } from "../context.ts";
import { busy } from "./refuse-version.ts";
import { done } from "../refuse.ts";
import { findStoredVersion, type StoredVersion } from "./stored-members.ts";
import { optionsOf, versionCertificates } from "./version-row.ts";

/** What deploying `version` instead of `against` would change. */
export async function compareVersions(
  context: OperationContext,
  caSetId: number,
  { version, against }: { readonly version: number; readonly against: number },
): Promise<Outcome<VersionDiffView>> {
  const { db } = context.store;
  const after = await findStoredVersion(db, caSetId, version);
  if (!after.ok) return after;
  const before = await findStoredVersion(db, caSetId, against);
  if (!before.ok) return before;
  const changes = await changesBetween(
    context,
    await sideOf(context, before.value),
    await sideOf(context, after.value),
  );
  if (changes === "busy") return busy();
  return done({ caSetId: String(caSetId), caSetName: after.value.caSet.name, version, against, ...changes });
}

export type Draft = { readonly options: CaSetOptions; readonly answer: ValidationAnswer };

/** What deploying a draft that passed validation would change, before it is saved. */
export async function compareDraft(
  context: OperationContext,
  { options, answer }: Draft,
  against: NonNullable<ValidateRequest["against"]>,
): Promise<Outcome<VersionChanges>> {
  const before = await findStoredVersion(context.store.db, Number(against.caSetId), against.version);
  if (!before.ok) return before;
  const members = answer.distinct.flatMap((index) => answer.entries[index] ?? []);
  const after = { members: members.map(({ der }) => der), facts: members.map(({ facts }) => facts), options };
  const changes = await changesBetween(context, await sideOf(context, before.value), after);
  return changes === "busy" ? busy() : done(changes);
}

async function sideOf({ store: { db } }: OperationContext, { caSet, row, members }: StoredVersion): Promise<Side> {
  return { members, facts: await versionCertificates(db, caSet.id, row.version), options: optionsOf(row) };
}
