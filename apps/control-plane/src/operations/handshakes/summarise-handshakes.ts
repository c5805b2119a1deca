import { sql } from "kysely";
import { type Queries, transaction } from "../../store/store.ts";
import type { OperationContext } from "../context.ts";
import {
  bucketStart,
  coarseBucketSeconds,
  coarseRetentionMs,
  fineBucketSeconds,
  fineRetentionMs,
} from "./handshake-buckets.ts";
import { laterSeen } from "./later-seen.ts";

export type HandshakeTableLimits = { readonly fineRows: number; readonly coarseRows: number };

/** What both tables may hold; about 200 bytes a row. */
export const handshakeTableLimits: HandshakeTableLimits = { fineRows: 1_000_000, coarseRows: 2_000_000 };

const hourMs = 3_600_000;
const clientRetentionMs = coarseRetentionMs;

/**
 * Sums up five-minute rows after a day, by hours of a whole network, and drops hours after 90 days and clients as old. Where a table is
 * fuller than it may be that comes sooner: first the detail goes, and then the oldest hours.
 */
export async function summariseHandshakes(
  { store, clock }: Pick<OperationContext, "store" | "clock">,
  limits: HandshakeTableLimits = handshakeTableLimits,
): Promise<void> {
  const now = clock();
  await transaction(store, async (queries) => {
    for (const keptMs of [fineRetentionMs, 6 * hourMs, hourMs, 0]) {
      await sumUpBefore(queries, bucketStart(now - keptMs, coarseBucketSeconds));
      if ((await countRows(queries, fineBucketSeconds)) <= limits.fineRows) break;
    }
    for (const keptMs of [coarseRetentionMs, coarseRetentionMs / 3, coarseRetentionMs / 9, coarseRetentionMs / 90]) {
      await dropBefore(queries, bucketStart(now - keptMs, coarseBucketSeconds));
      if ((await countRows(queries, coarseBucketSeconds)) <= limits.coarseRows) break;
    }
    await queries
      .deleteFrom("handshake_clients")
      .where("last_seen_at", "<", bucketStart(now - clientRetentionMs, coarseBucketSeconds))
      .execute();
    await queries
      .deleteFrom("handshake_cut_off")
      .where("last_seen_at", "<", bucketStart(now - fineRetentionMs, coarseBucketSeconds))
      .execute();
    // Nobody reads those of a node that was removed, and fleets that come and go leave one each.
    const nodes = queries.selectFrom("edge_nodes").select("id");
    await queries.deleteFrom("handshake_reports").where("node_id", "not in", nodes).execute();
  });
}

const kind = ["network", "ca_set_id", "version", "epoch", "generation", "anchor", "outcome", "reason"] as const;

async function sumUpBefore(queries: Queries, end: string): Promise<void> {
  const hour = sql<string>`substr(bucket_at, 1, 13) || ':00:00.000000Z'`;
  await queries
    .insertInto("handshake_counts")
    .columns([...kind, "bucket_at", "bucket_seconds", "node_id", "count", "last_seen_at"])
    .expression((eb) =>
      eb
        .selectFrom("handshake_counts")
        .select([...kind])
        .select([
          hour.as("bucket_at"),
          sql<number>`cast(${coarseBucketSeconds} as integer)`.as("bucket_seconds"),
          sql<string>`''`.as("node_id"),
        ])
        .select(({ fn }) => [fn.sum<number>("count").as("count"), fn.max("last_seen_at").as("last_seen_at")])
        .where("bucket_seconds", "=", fineBucketSeconds)
        .where("bucket_at", "<", end)
        .groupBy([...kind, hour]),
    )
    .onConflict((conflict) =>
      conflict.columns([...kind, "bucket_seconds", "bucket_at", "node_id"]).doUpdateSet((eb) => ({
        count: eb("handshake_counts.count", "+", eb.ref("excluded.count")),
        last_seen_at: laterSeen,
      })),
    )
    .execute();
  await queries
    .deleteFrom("handshake_counts")
    .where("bucket_seconds", "=", fineBucketSeconds)
    .where("bucket_at", "<", end)
    .execute();
}

async function dropBefore(queries: Queries, end: string): Promise<void> {
  await queries
    .deleteFrom("handshake_counts")
    .where("bucket_seconds", "=", coarseBucketSeconds)
    .where("bucket_at", "<", end)
    .execute();
}

async function countRows(queries: Queries, bucketSeconds: number): Promise<number> {
  const { rows } = await queries
    .selectFrom("handshake_counts")
    .select(({ fn }) => fn.countAll().as("rows"))
    .where("bucket_seconds", "=", bucketSeconds)
    .executeTakeFirstOrThrow();
  return Number(rows);
}
