import type { UnixMillis } from "@tcm/core";
import { timestamp } from "../actor.ts";

/** mETS keeps what was deleted for 30 days, to be looked at. */
const keptMs = 30 * 86_400_000;

/** When what is deleted now is removed for good. */
export function removalDate(now: UnixMillis): string {
  return timestamp(now + keptMs);
}
