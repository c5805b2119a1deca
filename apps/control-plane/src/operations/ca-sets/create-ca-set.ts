import type { CaSetView } from "@tcm/api-contract";
import { checkCaSetName, type Outcome } from "@tcm/core";
import { type Queries, transaction } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type CaSetRow, presentCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { countCaSets } from "../quota.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, type Refusal, refuse } from "../refuse.ts";

export type NewCaSet = { readonly caSetName: string; readonly description: string | null };

export async function createCaSet(
  context: OperationContext,
  actor: Actor,
  request: NewCaSet,
): Promise<Outcome<CaSetView>> {
  const badName = refuseName(request.caSetName);
  if (badName !== undefined) return badName;
  return transaction(context.store, async (queries) => {
    const refusal = await refuseNewCaSet(queries, context, request.caSetName);
    if (refusal !== undefined) return refusal;
    const at = timestamp(context.clock());
    const row = await insertCaSet(queries, { ...request, lastVersion: 0, at, by: actor.name });
    await recordActivity(queries, { caSetId: row.id, type: "CREATE_CA_SET", at, by: actor.name });
    return done(presentCaSet(row, null, {}, context.accountId));
  });
}

/** Why no set of that name can be made now; undefined when it can. */
export async function refuseNewCaSet(
  queries: Queries,
  context: OperationContext,
  caSetName: string,
): Promise<Refusal | undefined> {
  return (await refuseTaken(queries, caSetName, context.accountId)) ?? (await refuseLimit(queries, context));
}

export async function insertCaSet(
  queries: Queries,
  fresh: NewCaSet & { readonly lastVersion: number; readonly at: string; readonly by: string },
): Promise<CaSetRow> {
  return queries
    .insertInto("ca_sets")
    .values({
      name: fresh.caSetName,
      description: fresh.description,
      status: "NOT_DELETED",
      last_version: fresh.lastVersion,
      created_at: fresh.at,
      created_by: fresh.by,
      modified_at: fresh.at,
      name_frozen_at: null,
      deleted_at: null,
      deleted_by: null,
      removal_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

const nameRules = {
  length: "A CA set name has 3 to 64 characters.",
  characters: "A CA set name consists of letters, digits, underscore, hyphen, full stop and percent sign.",
  dots: "A CA set name does not contain three full stops in a row.",
} as const;

export function refuseName(caSetName: string): Refusal | undefined {
  const fault = checkCaSetName(caSetName);
  if (fault === undefined) return undefined;
  const contextInfo = { parameterName: "caSetName", invalidParameterValue: caSetName.slice(0, 100) };
  return refuse("ca-set-name-validation-failure", nameRules[fault], { contextInfo, pointer: "/caSetName" });
}

export async function refuseTaken(
  queries: Queries,
  caSetName: string,
  accountId: string,
): Promise<Refusal | undefined> {
  const other = await queries
    .selectFrom("ca_sets")
    .select("id")
    .where("name", "=", caSetName)
    .where("status", "!=", "DELETED")
    .executeTakeFirst();
  if (other === undefined) return undefined;
  const detail = `A CA set named ${caSetName} exists already (${other.id}). Choose another name.`;
  const item = {
    type: "ca-set-name-is-not-unique",
    title: "CA set name already in use",
    detail,
    pointer: "/caSetName",
  };
  return refuse("ca-set-name-is-not-unique", detail, { contextInfo: { accountId, caSetName }, errors: [item] });
}

async function refuseLimit(queries: Queries, { limits, accountId }: OperationContext): Promise<Refusal | undefined> {
  const count = await countCaSets(queries);
  if (count < limits.caSets) return undefined;
  const contextInfo = { accountId, currentSetCount: count, limit: limits.caSets };
  return refuse(
    "ca-set-limit-reached",
    `There are ${count} CA sets, and at most ${limits.caSets} are allowed. Delete one that is not used.`,
    { contextInfo },
  );
}
