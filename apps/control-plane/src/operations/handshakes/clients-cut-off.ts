import { maxReportedClients, mostRefusedClients } from "@tcm/api-contract";
import type { UnixMillis } from "@tcm/core";
import type { Selectable } from "kysely";
import type { HandshakeCutOffTable } from "../../store/handshake-tables.ts";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { SetAnchors } from "../versions/anchors-of-sets.ts";
import { letInBefore } from "./let-in-before.ts";
import type { NodeHandshakes } from "./record-handshakes.ts";
import { moreThanNamed } from "./removed-anchor-refusals.ts";

type Row = Selectable<HandshakeCutOffTable>;

/**
 * Keeps which clients the generation of a running deployment cut off, each once a node: a rule that counts clients is not fed by one that
 * comes again and again. Of others nobody asks, and a node can name any number of them.
 */
export async function noteCutOff(
  queries: Queries,
  said: readonly NodeHandshakes[],
  anchors: SetAnchors,
  now: UnixMillis,
): Promise<void> {
  const groups = Map.groupBy(
    said.flatMap((one) => rowsOf(one, anchors, now)),
    keyOf,
  );
  const full = said.filter(({ report: { cutOff = [] } }) => cutOff.length >= maxReportedClients);
  if (groups.size === 0 && full.length === 0) return;
  for (const generation of await runningGenerations(queries)) {
    // All sets share a node's list: of a full one nobody knows whom it left out, nor of which set.
    const more = full
      .filter(({ node }) => node.network === generation.network)
      .map(({ node }) => andMore({ ...generation, node_id: node.nodeId, last_seen_at: timestamp(now) }));
    await insert(queries, [...(groups.get(keyOf(generation)) ?? []), ...more]);
  }
}

function rowsOf(
  { node: { nodeId, network }, report: { cutOff = [] } }: NodeHandshakes,
  anchors: SetAnchors,
  now: UnixMillis,
): readonly Row[] {
  return cutOff
    .filter(({ caSetId }) => anchors.has(caSetId))
    .map(({ caSetId, generation, fingerprint, isProved, lastSeen }) => ({
      network,
      ca_set_id: Number(caSetId),
      epoch: generation.epoch,
      generation: generation.number,
      fingerprint,
      node_id: nodeId,
      is_proved: isProved ? 1 : 0,
      last_seen_at: timestamp(Math.min(lastSeen * 1_000, now)),
    }));
}

type RunningGeneration = Pick<Row, "network" | "ca_set_id" | "epoch" | "generation">;

/** In one order for all writers. */
async function runningGenerations(queries: Queries): Promise<readonly RunningGeneration[]> {
  const rows = await queries
    .selectFrom("activations")
    .select(["network", "ca_set_id", "epoch", "generation"])
    .where("status", "=", "IN_PROGRESS")
    .execute();
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ network, ca_set_id, epoch, generation }: RunningGeneration): string {
  return [network, ca_set_id, epoch, generation].join("/");
}

/** That there may be others, by the word of the node. */
function andMore(row: Omit<Row, "fingerprint" | "is_proved">): Row {
  return { ...row, fingerprint: moreThanNamed, is_proved: 1 };
}

async function insert(queries: Queries, group: readonly Row[]): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const { count } = await queries
    .selectFrom("handshake_cut_off")
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .where("network", "=", first.network)
    .where("ca_set_id", "=", first.ca_set_id)
    .where("epoch", "=", first.epoch)
    .where("generation", "=", first.generation)
    .executeTakeFirstOrThrow();
  const fitting = await whatFits(queries, uniqueRows(group), Number(count));
  for (let from = 0; from < fitting.length; from += 1_000) {
    await queries
      .insertInto("handshake_cut_off")
      .values(fitting.slice(from, from + 1_000))
      .onConflict((conflict) =>
        conflict
          .columns(["network", "ca_set_id", "epoch", "generation", "fingerprint", "node_id"])
          .doUpdateSet((eb) => ({ is_proved: eb.ref("excluded.is_proved") }))
          .whereRef("handshake_cut_off.is_proved", "<", "excluded.is_proved"),
      )
      .execute();
  }
}

/**
 * Of each generation of a set, over all nodes: as many as a deployment may allow to be refused, and as many again. Clients that count
 * come first, so that strangers with certificates from elsewhere fill no place of theirs. Where not even they find room, that is kept.
 */
async function whatFits(queries: Queries, rows: readonly Row[], count: number): Promise<readonly Row[]> {
  const [first] = rows;
  if (first === undefined) return [];
  const { network, ca_set_id: caSetId } = first;
  const [proved, shown] = [
    rows.filter(({ is_proved }) => is_proved === 1),
    rows.filter(({ is_proved }) => is_proved === 0),
  ];
  const known = new Set(shown.length === 0 ? [] : ((await letInBefore(queries, { network, caSetId }, shown)) ?? shown));
  const counting = [...proved, ...known];
  const kept = counting.slice(0, Math.max(0, 2 * mostRefusedClients - count));
  if (kept.length < counting.length) return [...kept, andMore(first)];
  const others = shown.filter((row) => !known.has(row));
  return [...kept, ...others.slice(0, Math.max(0, mostRefusedClients - count - kept.length))];
}

/** One row can be written once in a statement; proved goes before not proved. In one order, so that two writers never wait for each other. */
function uniqueRows(rows: readonly Row[]): readonly Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.fingerprint} ${row.node_id}`;
    if ((found.get(key)?.is_proved ?? -1) < row.is_proved) found.set(key, row);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
