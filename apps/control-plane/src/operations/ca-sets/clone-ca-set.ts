import type { CaSetView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { type Queries, transaction } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type CaSetRow, findLivingCaSet, latestVersionOf, presentCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { copyVersion } from "../versions/copy-version.ts";
import { insertCaSet, type NewCaSet, refuseName, refuseNewCaSet } from "./create-ca-set.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, refuse } from "../refuse.ts";
import { findLivingVersion, type VersionRow } from "../versions/version-row.ts";

/** A new set whose version 1 equals a version of another set: the one named, or its latest. */
export async function cloneCaSet(
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  request: NewCaSet & { readonly cloneFromVersion: number | undefined },
): Promise<Outcome<CaSetView>> {
  const badName = refuseName(request.caSetName);
  if (badName !== undefined) return badName;
  return transaction(context.store, async (queries): Promise<Outcome<CaSetView>> => {
    const found = await findLivingCaSet(queries, caSetId);
    if (!found.ok) return found;
    const source = await findSource(queries, found.value, request.cloneFromVersion);
    if (!source.ok) return source;
    const refusal = await refuseNewCaSet(queries, context, request.caSetName);
    if (refusal !== undefined) return refusal;
    const at = timestamp(context.clock());
    const by = actor.name;
    const row = await insertCaSet(queries, { ...request, lastVersion: 1, at, by });
    await copyVersion(queries, source.value, { caSetId: row.id, version: 1, at, by });
    await recordActivity(queries, { caSetId: row.id, type: "CREATE_CA_SET", at, by });
    await recordActivity(queries, { caSetId: row.id, type: "CREATE_CA_SET_VERSION", version: 1, at, by });
    return done(presentCaSet(row, 1, {}, context.accountId));
  });
}

async function findSource(queries: Queries, caSet: CaSetRow, wanted: number | undefined): Promise<Outcome<VersionRow>> {
  const version = wanted ?? (await latestVersionOf(queries, caSet.id));
  if (version !== null) return findLivingVersion(queries, caSet, version);
  return refuse("missing-caset-version", `CA set ${caSet.name} has no version that could be cloned.`, {
    contextInfo: { caSetId: String(caSet.id), caSetName: caSet.name },
  });
}
