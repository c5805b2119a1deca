import type { Generation, Network, UnixMillis } from "@tcm/core";
import type { Queries } from "../store/store.ts";
import { bucketStart, coarseBucketSeconds, fineBucketSeconds } from "./handshake-buckets.ts";
import { maxClients } from "./record-handshakes.ts";

export type RemovedAnchorQuestion = {
  readonly network: Network;
  readonly caSetId: number;
  /** Of the set's entry: the one that took the anchors away. */
  readonly generation: Generation;
  /** When the generation began, so that older rows need not be read; nothing can be refused by a generation before it is there. */
  readonly since: UnixMillis;
};

/** Of a node's clock, which certificates of nodes put up with too; and of a clock here that was put back meanwhile. */
const toleratedSkewMs = 3_600_000;

/**
 * How many clients were refused that would have been let in by an anchor which this generation took away: what tells a removal that cuts
 * off users from scanners at the door. Each counts once, however often and at however many nodes it came. A client whose node has no proof
 * that it holds its key (HAProxy ends such a handshake at the certificate, which anybody can show) counts only when it was let in before.
 * Of nodes whose agents do not tell which clients it were every handshake counts. What nodes have not said yet is not in it.
 */
export async function removedAnchorRefusals(queries: Queries, question: RemovedAnchorQuestion): Promise<number> {
  const rows = await cutOff(queries, question);
  const telling = [...new Set(rows.map(({ node_id }) => node_id))];
  const proved = rows.filter(({ is_proved }) => is_proved === 1);
  const others = rows.filter(({ is_proved }) => is_proved === 0);
  const known = others.length === 0 ? [] : await letInBefore(queries, question, others);
  const clients = new Set([...proved, ...known].map(({ fingerprint }) => fingerprint));
  return clients.size + (await handshakesOfOthers(queries, question, telling));
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

type CutOff = Awaited<ReturnType<typeof cutOff>>[number];

/** All of them where it cannot be known: no client was ever counted here, or so many that some were forgotten. */
async function letInBefore(
  queries: Queries,
  { network, caSetId }: RemovedAnchorQuestion,
  rows: readonly CutOff[],
): Promise<readonly CutOff[]> {
  const clients = await queries
    .selectFrom("handshake_clients")
    .select("fingerprint")
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    .execute();
  if (clients.length === 0 || clients.length >= maxClients) return rows;
  const known = new Set(clients.map(({ fingerprint }) => fingerprint));
  return rows.filter(({ fingerprint }) => known.has(fingerprint));
}

async function handshakesOfOthers(
  queries: Queries,
  { network, caSetId, generation, since }: RemovedAnchorQuestion,
  telling: readonly string[],
): Promise<number> {
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
  return rows.filter(({ node_id }) => !telling.includes(node_id)).reduce((sum, { count }) => sum + count, 0);
}
