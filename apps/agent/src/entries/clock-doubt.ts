import { formatTime, type UnixMillis, type UnixSeconds } from "@tcm/core";
import type { EngineContent } from "@tcm/edge";

const mostNamed = 3;

/**
 * Anchors that let in nobody here, since they are not valid at the time that this node says: either they ran out, or its clock is
 * wrong, and whoever reads it can tell by the clock that stands there. Empty when all are. To the minute, so that a thousand nodes say the same.
 */
export function clockDoubt(content: EngineContent | null, now: UnixMillis): string {
  if (content?.kind !== "ca-set") return "";
  const seconds = Math.floor(now / 1_000);
  const invalid = content.anchors.flatMap(({ fingerprint, notBefore, notAfter }) => {
    if (seconds > notAfter) return [`${fingerprint} expired at ${formatTime(notAfter)}`];
    return seconds < notBefore ? [`${fingerprint} is not valid before ${formatTime(notBefore)}`] : [];
  });
  if (invalid.length === 0) return "";
  const more = invalid.length > mostNamed ? ` and ${invalid.length - mostNamed} more` : "";
  const minute: UnixSeconds = seconds - (seconds % 60);
  return `; by the clock of this node (${formatTime(minute)}) nobody is let in by ${invalid.slice(0, mostNamed).join(", ")}${more}`;
}
