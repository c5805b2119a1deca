import type { Role } from "@tcm/api-contract";
import type { UnixMillis } from "@tcm/core";

/** Who asks for something. The name is what the records show. */
export type Actor = { readonly name: string; readonly role: Role };

/** Milliseconds since 1970; handed in so that tests own the time. */
export type Clock = () => UnixMillis;

/** ISO 8601 in UTC with the six fractional digits that mETS shows. */
export function timestamp(now: UnixMillis): string {
  return new Date(now).toISOString().replace("Z", "000Z");
}
