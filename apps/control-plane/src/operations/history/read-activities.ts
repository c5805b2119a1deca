import type { ActivityListView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { caSetLink } from "../link.ts";
import { done } from "../refuse.ts";

/** Both ends inclusive, in the form of the record: microseconds in UTC. */
export type TimeRange = { readonly start: string | undefined; readonly end: string | undefined };

/** What was done with the set, newest first. */
export async function listActivities(
  { store: { db } }: OperationContext,
  caSetId: number,
  { start, end }: TimeRange,
): Promise<Outcome<ActivityListView>> {
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  const caSet = found.value;
  let wanted = db.selectFrom("activities").selectAll().where("ca_set_id", "=", caSetId);
  if (start !== undefined) wanted = wanted.where("at", ">=", start);
  if (end !== undefined) wanted = wanted.where("at", "<=", end);
  const rows = await wanted.orderBy("at", "desc").orderBy("id", "desc").execute();
  return done({
    caSetId: String(caSet.id),
    caSetLink: caSetLink(caSet.id),
    caSetName: caSet.name,
    caSetStatus: caSet.status,
    createdDate: caSet.created_at,
    createdBy: caSet.created_by,
    deletedDate: caSet.deleted_at,
    deletedBy: caSet.deleted_by,
    activities: rows.map(({ type, network, version, at, by }) => ({
      type,
      network,
      version,
      activityDate: at,
      activityBy: by,
    })),
  });
}
