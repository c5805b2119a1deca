import type { UnixMillis } from "@tcm/core";

/** How a request fares against the limit of whoever sends it. */
export type Turn = {
  readonly isAllowed: boolean;
  readonly limit: number;
  /** Requests that may follow at once. */
  readonly remaining: number;
  /** When the next one may come. */
  readonly nextAt: UnixMillis;
};

export type RateLimiter = { take(key: string, now: UnixMillis): Turn };

type Bucket = { tokens: number; filledAt: UnixMillis };

const minuteMs = 60_000;
/** Far more than there are users and tokens; a full bucket is as good as none. */
const maxBuckets = 10_000;

/** A bucket of tokens for each key, that fills up evenly within a minute. Of this process alone: it guards the process. */
export function openRateLimiter(perMinute: number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const filled = ({ tokens, filledAt }: Bucket, now: UnixMillis): number =>
    Math.min(perMinute, tokens + (Math.max(0, now - filledAt) * perMinute) / minuteMs);

  const forgetFull = (now: UnixMillis): void => {
    for (const [key, bucket] of buckets) if (filled(bucket, now) >= perMinute) buckets.delete(key);
  };

  return {
    take: (key, now) => {
      if (buckets.size >= maxBuckets) forgetFull(now);
      const tokens = filled(buckets.get(key) ?? { tokens: perMinute, filledAt: now }, now);
      const isAllowed = tokens >= 1;
      const left = isAllowed ? tokens - 1 : tokens;
      buckets.set(key, { tokens: left, filledAt: now });
      const waitMs = left >= 1 ? 0 : Math.ceil(((1 - left) * minuteMs) / perMinute);
      return { isAllowed, limit: perMinute, remaining: Math.floor(left), nextAt: now + waitMs };
    },
  };
}
