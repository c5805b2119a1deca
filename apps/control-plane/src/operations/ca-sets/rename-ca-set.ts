import { hash } from "node:crypto";
import type { CaSetView, RenameCaSetRequest } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { type Queries, transaction } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { activeVersions, type CaSetRow, findLivingCaSet, latestVersionOf, presentCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { refuseName, refuseTaken } from "./create-ca-set.ts";
import { fitsIfMatch } from "../if-match.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, type Refusal, refuse } from "../refuse.ts";

/** The name until a version is deployed anywhere: from then on nodes, logs and people know the set by it. The description always. */
export async function renameCaSet(
  context: OperationContext,
  actor: Actor,
  caSetId: number,
  { caSetName, description }: RenameCaSetRequest,
  ifMatch?: string,
): Promise<Outcome<CaSetView>> {
  const badName = caSetName === undefined ? undefined : refuseName(caSetName);
  if (badName !== undefined) return badName;
  return transaction(context.store, async (queries) => {
    const found = await findLivingCaSet(queries, caSetId);
    if (!found.ok) return found;
    const row = found.value;
    const latest = await latestVersionOf(queries, caSetId);
    const active = await activeVersions(queries, caSetId);
    const refusal =
      refuseStale(presentCaSet(row, latest, active, context.accountId), ifMatch) ??
      (caSetName === undefined ? undefined : await refuseNewName(queries, row, caSetName, context.accountId));
    if (refusal !== undefined) return refusal;
    const at = timestamp(context.clock());
    const changed = {
      name: caSetName ?? row.name,
      description: description === undefined ? row.description : description,
      modified_at: at,
    };
    await queries.updateTable("ca_sets").set(changed).where("id", "=", caSetId).execute();
    const type = changed.name === row.name ? "DESCRIBE_CA_SET" : "RENAME_CA_SET";
    await recordActivity(queries, { caSetId, type, at, by: actor.name });
    return done(presentCaSet({ ...row, ...changed }, latest, active, context.accountId));
  });
}

async function refuseNewName(
  queries: Queries,
  row: CaSetRow,
  caSetName: string,
  accountId: string,
): Promise<Refusal | undefined> {
  // Who sends back all that was read renames nothing.
  if (row.name === caSetName) return undefined;
  if (row.name_frozen_at === null) return refuseTaken(queries, caSetName, accountId);
  const detail = `CA set ${row.name} was deployed on ${row.name_frozen_at} and keeps its name. Clone it under another name instead.`;
  return refuse("ca-set-name-is-frozen", detail, { contextInfo: { caSetId: String(row.id), caSetName: row.name } });
}

/** Follows from all that is shown of the set. */
export function caSetTag(view: CaSetView): string {
  return `"s${view.caSetId}-${hash("sha256", JSON.stringify(view), "base64url").slice(0, 16)}"`;
}

function refuseStale(view: CaSetView, ifMatch: string | undefined): Refusal | undefined {
  if (fitsIfMatch(ifMatch, caSetTag(view))) return undefined;
  const detail = `CA set ${view.caSetName} was changed in the meantime. Read it again and repeat your change.`;
  return refuse("precondition-failed", detail, { contextInfo: { caSetId: view.caSetId, caSetName: view.caSetName } });
}
