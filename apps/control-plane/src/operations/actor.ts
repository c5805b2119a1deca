import type { Role } from "@tcm/api-contract";
import type { CaSetOptions, UnixMillis } from "@tcm/core";

/** Who asks for something. */
export type Actor = {
  /** What the records show. */
  readonly name: string;
  readonly role: Role;
  /** What it gets for options that it leaves out, where that is not what people and tokens get. */
  readonly defaults?: CaSetOptions;
};

/** Milliseconds since 1970; handed in so that tests own the time. */
export type Clock = () => UnixMillis;

/** ISO 8601 in UTC with the six fractional digits that mETS shows. */
export function timestamp(now: UnixMillis): string {
  return new Date(now).toISOString().replace("Z", "000Z");
}

/** The time now, or just after `earlier` where the clock does not show that any has passed: each change has a time of its own. */
export function timestampAfter(earlier: string, now: UnixMillis): string {
  const current = timestamp(now);
  if (current > earlier) return current;
  const micros = Number(earlier.slice(-4, -1)) + 1;
  if (micros > 999) return timestamp(Date.parse(earlier) + 1);
  return `${earlier.slice(0, -4)}${String(micros).padStart(3, "0")}Z`;
}
