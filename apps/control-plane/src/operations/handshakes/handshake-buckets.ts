import type { UnixMillis } from "@tcm/core";
import { timestamp } from "../actor.ts";

/** What nodes report is kept in buckets of this length, each node's apart: long enough for any deployment. */
export const fineBucketSeconds = 300;
export const fineRetentionMs = 24 * 3_600_000;

/** Older ones are summed up over the nodes of a network. */
export const coarseBucketSeconds = 3_600;
export const coarseRetentionMs = 90 * 24 * 3_600_000;

/** The start of the bucket that a moment lies in. */
export function bucketStart(at: UnixMillis, bucketSeconds: number): string {
  const length = bucketSeconds * 1_000;
  return timestamp(Math.floor(at / length) * length);
}
