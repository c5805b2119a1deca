import type { HandshakeCount } from "@tcm/api-contract";
import type { Insertable } from "kysely";
import {
  type HandshakeAnchorsTable,
  type HandshakeCountsTable,
  handshakeCountKey,
} from "../../store/handshake-tables.ts";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import type { SetAnchors } from "../versions/anchors-of-sets.ts";
import { bucketStart, fineBucketSeconds } from "./handshake-buckets.ts";
import { laterSeen } from "./later-seen.ts";
import type { NodeHandshakes } from "./record-handshakes.ts";

/** Three million a second: a node that says more spoils its own count, and no sum over millions of rows goes beyond exact numbers. */
export const maxRowCount = 1_000_000_000;

type CountRow = Insertable<HandshakeCountsTable>;

/** Adds what was counted, and notes when each anchor last let somebody in. */
export async function addCounts(
  queries: Queries,
  said: readonly NodeHandshakes[],
  anchors: SetAnchors,
  now: number,
): Promise<void> {
  const rows = sumUp(said.flatMap((report) => countRows(report, anchors, now)));
  await addRows(queries, rows);
  await noteAnchors(queries, rows);
}

function countRows({ node, report }: NodeHandshakes, anchors: SetAnchors, now: number): readonly CountRow[] {
  return report.counts.flatMap((count) => {
    const known = anchors.get(count.caSetId);
    return known === undefined ? [] : [countRow(node, count, known, now)];
  });
}

/** A node whose clock is ahead saw it now: what is yet to come would outlive every retention. */
function countRow(
  { nodeId, network }: AuthenticatedNode,
  { at, caSetId, version, generation, anchor, outcome, reason, count, lastSeen }: HandshakeCount,
  known: ReadonlySet<string>,
  now: number,
): CountRow {
  return {
    network,
    ca_set_id: Number(caSetId),
    bucket_seconds: fineBucketSeconds,
    bucket_at: bucketStart(Math.min(at * 1_000, now), fineBucketSeconds),
    node_id: nodeId,
    version,
    epoch: generation.epoch,
    generation: generation.number,
    anchor: known.has(anchor) ? anchor : "",
    outcome,
    reason,
    count,
    last_seen_at: timestamp(Math.min(lastSeen * 1_000, now)),
  };
}

/** One row can be written once in a statement. In one order, so that two writers never wait for each other. */
function sumUp(rows: readonly CountRow[]): readonly CountRow[] {
  const sums = new Map<string, CountRow>();
  for (const row of rows) {
    const { count, last_seen_at, ...kind } = row;
    const key = Object.values(kind).join("/");
    const same = sums.get(key);
    const last = same === undefined || same.last_seen_at < last_seen_at ? last_seen_at : same.last_seen_at;
    sums.set(key, { ...row, count: Math.min(count + (same?.count ?? 0), maxRowCount), last_seen_at: last });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Thirteen columns each; SQLite takes 32,766 values in one statement. */
const rowsAtOnce = 1_000;

async function addRows(queries: Queries, rows: readonly CountRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await queries
      .insertInto("handshake_counts")
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict.columns(handshakeCountKey).doUpdateSet((eb) => ({
          count: eb
            .case()
            .when(eb("handshake_counts.count", "+", eb.ref("excluded.count")), ">", maxRowCount)
            .then(maxRowCount)
            .else(eb("handshake_counts.count", "+", eb.ref("excluded.count")))
            .end(),
          last_seen_at: laterSeen,
        })),
      )
      .execute();
  }
}

async function noteAnchors(queries: Queries, rows: readonly CountRow[]): Promise<void> {
  const last = new Map<string, Insertable<HandshakeAnchorsTable>>();
  for (const { network, ca_set_id, anchor, outcome, last_seen_at } of rows) {
    if (outcome !== "accepted" || anchor === "") continue;
    const key = `${network} ${ca_set_id} ${anchor}`;
    const before = last.get(key)?.last_accepted_at ?? "";
    const last_accepted_at = before < last_seen_at ? last_seen_at : before;
    last.set(key, { network, ca_set_id, anchor, last_accepted_at });
  }
  const values = [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  for (let from = 0; from < values.length; from += rowsAtOnce) {
    await queries
      .insertInto("handshake_anchors")
      .values(values.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(["network", "ca_set_id", "anchor"])
          .doUpdateSet((eb) => ({ last_accepted_at: eb.ref("excluded.last_accepted_at") }))
          .whereRef("handshake_anchors.last_accepted_at", "<", "excluded.last_accepted_at"),
      )
      .execute();
  }
}
