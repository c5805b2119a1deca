import type { Queries } from "../store/store.ts";
import type { OperationContext } from "./context.ts";

/** Sets that count against the limit. */
export async function countCaSets(queries: Queries): Promise<number> {
  const { count } = await queries
    .selectFrom("ca_sets")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("status", "!=", "DELETED")
    .executeTakeFirstOrThrow();
  return count;
}

/** Versions that count against the limit of their set. */
export async function countVersions(queries: Queries, caSetId: number): Promise<number> {
  const { count } = await queries
    .selectFrom("ca_set_versions")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("ca_set_id", "=", caSetId)
    .where("status", "=", "NOT_DELETED")
    .executeTakeFirstOrThrow();
  return count;
}

type Headers = Readonly<Record<string, string>>;

/** What is left of the limits, as mETS tells it on answers that use some of it up. */
export async function quotaHeaders({ store: { db }, limits }: OperationContext, caSetId: number): Promise<Headers> {
  return {
    ...quota("ca-sets", limits.caSets, await countCaSets(db)),
    ...quota("ca-set-versions", limits.versionsPerCaSet, await countVersions(db, caSetId)),
  };
}

function quota(what: string, limit: number, used: number): Headers {
  return { [`x-limit-${what}-limit`]: String(limit), [`x-limit-${what}-remaining`]: String(Math.max(0, limit - used)) };
}
