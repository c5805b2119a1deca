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

type Bucket = { readonly tokens: number; readonly filledAt: UnixMillis };

const minuteMs = 60_000;
/** Far more than there are users and tokens. Whoever comes from more addresses than this is for a limit of all to stop. */
const maxBuckets = 10_000;
/** What was not asked for the longest goes, many at once: so a request costs the same on average, however many keys there are. */
const keptBuckets = 9_000;

/** A bucket of `most` tokens for each key, that fills up evenly within the period. Of this process alone: it guards the process. */
export function openRateLimiter(most: number, periodMs = minuteMs): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const filled = ({ tokens, filledAt }: Bucket, now: UnixMillis): number =>
    Math.min(most, tokens + (Math.max(0, now - filledAt) * most) / periodMs);

  /** Last in the map is what was asked for last. */
  const keep = (key: string, bucket: Bucket): void => {
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size <= maxBuckets) return;
    for (const oldest of buckets.keys()) {
      if (buckets.size <= keptBuckets) return;
      buckets.delete(oldest);
    }
  };

  return {
    take: (key, now) => {
      const tokens = filled(buckets.get(key) ?? { tokens: most, filledAt: now }, now);
      const isAllowed = tokens >= 1;
      const left = isAllowed ? tokens - 1 : tokens;
      keep(key, { tokens: left, filledAt: now });
      const waitMs = left >= 1 ? 0 : Math.ceil(((1 - left) * periodMs) / most);
      return { isAllowed, limit: most, remaining: Math.floor(left), nextAt: now + waitMs };
    },
  };
}
