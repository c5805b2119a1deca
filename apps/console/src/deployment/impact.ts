import type { HandshakeSummary, VersionDiffView } from "@tcm/api-contract";
import { shortName } from "../structure/tree-items.ts";

/** A CA whose clients lose access, with what edges saw of them. */
export type Impact = {
  readonly fingerprint: string;
  readonly name: string;
  readonly handshakes: number;
  readonly lastSeen: string | null;
};

/** Who would break: the CAs whose clients were seen come first, the busiest before the others. Pure. */
export function impactOf(
  { losesAccess }: VersionDiffView["effect"],
  { anchors }: Pick<HandshakeSummary, "anchors">,
): readonly Impact[] {
  const seen = new Map(anchors.map((anchor) => [anchor.fingerprint, anchor]));
  return losesAccess
    .map(({ subject, fingerprint }) => {
      const { accepted = 0, lastAcceptedDate = null } = seen.get(fingerprint) ?? {};
      return { fingerprint, name: shortName(subject), handshakes: accepted, lastSeen: lastAcceptedDate };
    })
    .toSorted((a, b) => b.handshakes - a.handshakes || Number(b.lastSeen !== null) - Number(a.lastSeen !== null));
}

/** The whole of it in one line. */
export function impactTitle(impact: readonly Impact[], nowMs: number): string {
  if (impact.length === 0) return "Nobody loses access.";
  const busy = impact.filter(({ lastSeen }) => lastSeen !== null && nowMs - Date.parse(lastSeen) < watchedMs);
  if (busy.length === 0) return "Nobody was seen in 30 days who would lose access.";
  const cas = busy.length === 1 ? "one CA" : `${busy.length} CAs`;
  return `Clients of ${cas} were seen in the last 30 days, and would be refused.`;
}

/** Partners that come once a month are seen. */
export const watchedMs = 30 * 86_400_000;
