import type { Generation, Network, UnixMillis } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { bucketStart, coarseBucketSeconds, fineBucketSeconds } from "./handshake-buckets.ts";
import { letInBefore } from "./let-in-before.ts";

export type RemovedAnchorQuestion = {
  readonly activationId: number;
  readonly network: Network;
  readonly caSetId: number;
  /** Of the set's entry: the one that took the anchors away. */
  readonly generation: Generation;
  /** When the generation began, so that older rows need not be read; nothing can be refused by a generation before it is there. */
  readonly since: UnixMillis;
};

/** Of a node's clock, which certificates of nodes put up with too; and of a clock here that was put back meanwhile. */
const toleratedSkewMs = 3_600_000;

/** In the place of a client's fingerprint: its node had more to name. */
export const moreThanNamed = "";

export type RemovedAnchorRefusals = {
  /** Each once. */
  readonly clients: number;
  /** Others that may be such clients, or strangers: it is not known here who was let in before. */
  readonly unknown: number;
  /** The nodes that told of them, those that told of most first. */
  readonly saidBy: readonly string[];
  /** A node told of more than it can name, or than are kept: there may be others. */
  readonly isUncounted: boolean;
};

/**
 * How many clients were refused that would have been let in by an anchor which this generation took away: what tells a removal that cuts
 * off users from scanners at the door. Each counts once, however often and at however many nodes it came. A client whose node has no proof
 * that it holds its key (HAProxy ends such a handshake at the certificate, which anybody can show), or had no time to see who signed its
 * certificate, counts only when it was let in before: no flood of strangers hides it, and none is taken for it; where nobody knows that, it is told apart.
 * Of nodes whose agents do not tell which clients it were every handshake counts. What nodes have not said yet is not in it, nor what those say that are drained or
 * were excluded.
 */
export async function removedAnchorRefusals(
  queries: Queries,
  question: RemovedAnchorQuestion,
): Promise<RemovedAnchorRefusals> {
  const unheard = await unheardNodes(queries, question);
  const rows = (await cutOff(queries, question)).filter(({ node_id }) => !unheard.has(node_id));
  const open = rows.filter(({ fingerprint }) => fingerprint === moreThanNamed);
  const named = rows.filter(({ fingerprint }) => fingerprint !== moreThanNamed);
  const others = named.filter(({ is_proved }) => is_proved === 0);
  const known = others.length === 0 ? [] : await letInBefore(queries, question, others);
  const counted = [...named.filter(({ is_proved }) => is_proved === 1), ...(known ?? [])];
  const clients = new Set(counted.map(({ fingerprint }) => fingerprint));
  const unknown = (known === undefined ? others : []).filter(({ fingerprint }) => !clients.has(fingerprint));
  const telling = new Set([...unheard, ...rows.map(({ node_id }) => node_id)]);
  const handshakes = await handshakesOfOthers(queries, question, telling);
  const words = [...counted, ...unknown, ...open].map(({ node_id }) => ({ node_id, count: 1 }));
  return {
    clients: clients.size + handshakes.reduce((sum, { count }) => sum + count, 0),
    unknown: new Set(unknown.map(({ fingerprint }) => fingerprint)).size,
    saidBy: byNode([...words, ...handshakes]),
    isUncounted: open.length > 0,
  };
}

function byNode(words: readonly { readonly node_id: string; readonly count: number }[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { node_id, count } of words) sums.set(node_id, (sums.get(node_id) ?? 0) + count);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([nodeId]) => nodeId);
}

/** Whom an operator took out, on the record: a node that says what is not so stops no deployment then. */
async function unheardNodes(queries: Queries, { activationId }: RemovedAnchorQuestion): Promise<ReadonlySet<string>> {
  const drained = await queries.selectFrom("edge_nodes").select("id").where("drained_at", "is not", null).execute();
  const excluded = await queries
    .selectFrom("activation_nodes")
    .select("node_id as id")
    .where("activation_id", "=", activationId)
    .where("excluded_at", "is not", null)
    .execute();
  return new Set([...drained, ...excluded].map(({ id }) => id));
}

async function cutOff(queries: Queries, { network, caSetId, generation }: RemovedAnchorQuestion) {
  return queries
    .selectFrom("handshake_cut_off")
    .select(["fingerprint", "node_id", "is_proved"])
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    .where("epoch", "=", generation.epoch)
    .where("generation", "=", generation.number)
    .execute();
}

async function handshakesOfOthers(
  queries: Queries,
  { network, caSetId, generation, since }: RemovedAnchorQuestion,
  telling: ReadonlySet<string>,
): Promise<readonly { readonly node_id: string; readonly count: number }[]> {
  const rows = await queries
    .selectFrom("handshake_counts")
    .select(["node_id", "count"])
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    // Hours already summed up, where the table was too full for more: generations keep them apart from what was before.
    .where((eb) =>
      eb.or(
        [fineBucketSeconds, coarseBucketSeconds].map((length) =>
          eb.and([
            eb("bucket_seconds", "=", length),
            eb("bucket_at", ">=", bucketStart(since - toleratedSkewMs, length)),
          ]),
        ),
      ),
    )
    .where("epoch", "=", generation.epoch)
    .where("generation", "=", generation.number)
    .where("outcome", "=", "removed-anchor")
    .execute();
  return rows.filter(({ node_id }) => !telling.has(node_id));
}
