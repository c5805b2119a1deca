import type { Generation, Network, UnixMillis } from "@tcm/core";
import type { Queries } from "../store/store.ts";
import { bucketStart, coarseBucketSeconds, fineBucketSeconds } from "./handshake-buckets.ts";

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
 * How many handshakes were refused whose client would have been let in by an anchor that this generation took away: what tells a
 * removal that cuts off users from scanners at the door. Nodes report within seconds; what they have not said yet is not in it.
 */
export async function removedAnchorRefusals(
  queries: Queries,
  { network, caSetId, generation, since }: RemovedAnchorQuestion,
): Promise<number> {
  const { sum } = await queries
    .selectFrom("handshake_counts")
    .select(({ fn }) => fn.sum("count").as("sum"))
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
    .executeTakeFirstOrThrow();
  return Number(sum ?? 0);
}
