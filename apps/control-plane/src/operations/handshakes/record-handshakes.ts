import { type HandshakeClient, type HandshakeCount, type HandshakeReport, maxHandshakeCount } from "@tcm/api-contract";
import type { Insertable } from "kysely";
import type { HandshakeCountsTable } from "../../store/handshake-tables.ts";
import { type Queries, transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { anchorsOfSets, type SetAnchors } from "../versions/anchors-of-sets.ts";
import { noteCutOff } from "./clients-cut-off.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import { bucketStart, fineBucketSeconds } from "./handshake-buckets.ts";
import { maxClients } from "./let-in-before.ts";

export type NodeHandshakes = { readonly node: AuthenticatedNode; readonly report: HandshakeReport };

/** Three million a second: a node that says more spoils its own count, and no sum over millions of rows goes beyond exact numbers. */
export const maxRowCount = 1_000_000_000;

type CountRow = Insertable<HandshakeCountsTable>;
type ClientRow = ReturnType<typeof clientRow>;

/**
 * Adds what nodes saw, many reports in one transaction. One that was taken before changes nothing, so that a node may say it again
 * until it hears that it is taken. Counts of sets that do not exist are left out, and anchors that were never in the set are not named.
 */
export async function recordHandshakes(
  { store, clock, onHandshakes }: Pick<DeploymentContext, "store" | "clock" | "onHandshakes">,
  said: readonly NodeHandshakes[],
): Promise<void> {
  const now = clock();
  const taken = await transaction(store, async (queries) => {
    const fresh = await takeFresh(queries, said, timestamp(now));
    const anchors = await anchorsOfSets(
      queries,
      fresh.flatMap(({ report: { counts, clients, cutOff = [] } }) => [
        ...counts,
        ...clients,
        ...cutOff.map(({ caSetId }) => ({ caSetId, anchor: "" })),
      ]),
    );
    const rows = sumUp(fresh.flatMap((report) => countRows(report, anchors, now)));
    await addCounts(queries, rows);
    await noteAnchors(queries, rows);
    await noteClients(
      queries,
      fresh.flatMap((report) => clientRows(report, anchors, now)),
    );
    await noteCutOff(queries, fresh, anchors, now);
    return fresh;
  });
  for (const { node, report } of taken) onHandshakes?.(node.network, report);
}

/** Those not taken before, with the highest sequence of each node noted. A new stream is a new process: it begins again. */
async function takeFresh(
  queries: Queries,
  said: readonly NodeHandshakes[],
  at: string,
): Promise<readonly NodeHandshakes[]> {
  const nodeIds = [...new Set(said.map(({ node }) => node.nodeId))].sort();
  const rows = await queries.selectFrom("handshake_reports").selectAll().where("node_id", "in", nodeIds).execute();
  const taken = new Map(rows.map((row) => [row.node_id, row]));
  const fresh = said.filter(({ node: { nodeId }, report: { stream, sequence, lost } }) => {
    const before = taken.get(nodeId);
    if (before?.stream === stream && sequence <= before.sequence) return false;
    taken.set(nodeId, {
      node_id: nodeId,
      stream,
      sequence,
      lost: Math.min((before?.lost ?? 0) + lost, maxHandshakeCount),
      reported_at: at,
    });
    return true;
  });
  for (const nodeId of nodeIds) {
    const row = taken.get(nodeId);
    if (row === undefined) continue;
    await queries
      .insertInto("handshake_reports")
      .values(row)
      .onConflict((conflict) => conflict.column("node_id").doUpdateSet(row))
      .execute();
  }
  return fresh;
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

const countKey = [
  "network",
  "ca_set_id",
  "bucket_seconds",
  "bucket_at",
  "node_id",
  "version",
  "epoch",
  "generation",
  "anchor",
  "outcome",
  "reason",
] as const;

async function addCounts(queries: Queries, rows: readonly CountRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await queries
      .insertInto("handshake_counts")
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict.columns(countKey).doUpdateSet((eb) => ({
          count: eb
            .case()
            .when(eb("handshake_counts.count", "+", eb.ref("excluded.count")), ">", maxRowCount)
            .then(maxRowCount)
            .else(eb("handshake_counts.count", "+", eb.ref("excluded.count")))
            .end(),
          last_seen_at: eb
            .case()
            .when("handshake_counts.last_seen_at", "<", eb.ref("excluded.last_seen_at"))
            .then(eb.ref("excluded.last_seen_at"))
            .else(eb.ref("handshake_counts.last_seen_at"))
            .end(),
        })),
      )
      .execute();
  }
}

async function noteAnchors(queries: Queries, rows: readonly CountRow[]): Promise<void> {
  const last = new Map<
    string,
    { network: CountRow["network"]; ca_set_id: number; anchor: string; last_accepted_at: string }
  >();
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

function clientRows({ node, report }: NodeHandshakes, anchors: SetAnchors, now: number): readonly ClientRow[] {
  return report.clients
    .filter(({ caSetId, anchor }) => anchors.get(caSetId)?.has(anchor))
    .map((client) => clientRow(node, client, now));
}

function clientRow({ network }: AuthenticatedNode, client: HandshakeClient, now: number) {
  return {
    network,
    ca_set_id: Number(client.caSetId),
    fingerprint: client.fingerprint,
    anchor: client.anchor,
    not_after: timestamp(client.notAfter * 1_000),
    last_seen_at: timestamp(Math.min(client.lastSeen * 1_000, now)),
  };
}

async function noteClients(queries: Queries, rows: readonly ClientRow[]): Promise<void> {
  const newest = new Map<string, ClientRow>();
  for (const row of rows) {
    const key = `${row.network} ${row.ca_set_id} ${row.fingerprint}`;
    if ((newest.get(key)?.last_seen_at ?? "") <= row.last_seen_at) newest.set(key, row);
  }
  const values = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  for (let from = 0; from < values.length; from += rowsAtOnce) {
    await queries
      .insertInto("handshake_clients")
      .values(values.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(["network", "ca_set_id", "fingerprint"])
          .doUpdateSet((eb) => ({ anchor: eb.ref("excluded.anchor"), last_seen_at: eb.ref("excluded.last_seen_at") }))
          .whereRef("handshake_clients.last_seen_at", "<", "excluded.last_seen_at"),
      )
      .execute();
  }
  const tables = new Map(values.map(({ network, ca_set_id }) => [`${network} ${ca_set_id}`, { network, ca_set_id }]));
  for (const table of tables.values()) await dropOldClients(queries, table);
}

async function dropOldClients(
  queries: Queries,
  { network, ca_set_id }: Pick<ClientRow, "network" | "ca_set_id">,
): Promise<void> {
  const last = await queries
    .selectFrom("handshake_clients")
    .select("last_seen_at")
    .where("network", "=", network)
    .where("ca_set_id", "=", ca_set_id)
    .orderBy("last_seen_at", "desc")
    .offset(maxClients)
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return;
  await queries
    .deleteFrom("handshake_clients")
    .where("network", "=", network)
    .where("ca_set_id", "=", ca_set_id)
    .where("last_seen_at", "<=", last.last_seen_at)
    .execute();
}
