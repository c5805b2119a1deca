import type { HandshakeOutcome } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { coarseBucketSeconds, fineBucketSeconds } from "./handshake-buckets.ts";

/** What is asked of the counts: both ends, ISO 8601, belong to it, to the bucket. */
export type CountedRange = {
  readonly caSetId: number;
  readonly network: Network;
  readonly start: string;
  readonly end: string;
  readonly anchor?: string | undefined;
};

export type CountedKind = {
  readonly version: number;
  readonly anchor: string;
  readonly outcome: HandshakeOutcome;
  readonly reason: string;
  readonly count: number;
  readonly last: string;
};

/** The rows within a range, to be grouped by who asks. */
export function countsWithin(queries: Queries, { caSetId, network, start, end, anchor }: CountedRange) {
  const within = queries
    .selectFrom("handshake_counts")
    .where("network", "=", network)
    .where("ca_set_id", "=", caSetId)
    // The bucket that the start lies in belongs to the range: it begins before it.
    .where((eb) =>
      eb.or([
        eb.and([eb("bucket_seconds", "=", fineBucketSeconds), eb("bucket_at", ">", earlier(start, fineBucketSeconds))]),
        eb.and([
          eb("bucket_seconds", "=", coarseBucketSeconds),
          eb("bucket_at", ">", earlier(start, coarseBucketSeconds)),
        ]),
      ]),
    )
    .where("bucket_at", "<=", end);
  return anchor === undefined ? within : within.where("anchor", "=", anchor);
}

function earlier(instant: string, seconds: number): string {
  return timestamp(Date.parse(instant) - seconds * 1_000);
}

export async function countedKinds(queries: Queries, range: CountedRange): Promise<readonly CountedKind[]> {
  return countsWithin(queries, range)
    .select(["version", "anchor", "outcome", "reason"])
    .select(({ fn }) => [fn.sum<number>("count").as("count"), fn.max("last_seen_at").as("last")])
    .groupBy(["version", "anchor", "outcome", "reason"])
    .execute();
}

export function sum(kinds: readonly Pick<CountedKind, "count">[]): number {
  return kinds.reduce((total, { count }) => total + count, 0);
}

export function sumOutcomes(kinds: readonly Pick<CountedKind, "outcome" | "count">[]) {
  const of = (outcome: HandshakeOutcome): number => sum(kinds.filter((kind) => kind.outcome === outcome));
  return {
    accepted: of("accepted"),
    refused: of("refused"),
    removedAnchor: of("removed-anchor"),
    failed: of("failed"),
  };
}
