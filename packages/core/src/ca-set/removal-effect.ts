import type { Certificate } from "../certificate/certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import type { IssuerGraph } from "../path/issuer-graph.ts";
import { caOf, trustedCas } from "./trusted-cas.ts";

/** What taking certificates out of a set really takes away. */
export type RemovalEffect = {
  /** CAs (subject and public key) whose clients lose access. */
  readonly removed: readonly { readonly subject: string; readonly fingerprint: string }[];
  /** Certificates taken out whose clients are still let in, and the members that do it. */
  readonly stillTrusted: readonly {
    readonly subject: string;
    readonly fingerprint: string;
    readonly by: readonly string[];
  }[];
};

/**
 * A CA is a subject and a public key: a renewed or cross-signed certificate of it, or a member above it that stays or comes,
 * still trusts its clients. `graph` spans the members before and after, so that signatures between all of them are known.
 */
export function removalEffect(
  before: readonly Certificate[],
  after: readonly Certificate[],
  graph: IssuerGraph,
): RemovalEffect {
  const kept = new Set(after.map(({ fingerprint }) => fingerprint));
  const trustedBy = trustedCas(after, graph);
  const removed: RemovalEffect["removed"][number][] = [];
  const stillTrusted: RemovalEffect["stillTrusted"][number][] = [];
  for (const certificate of before) {
    if (kept.has(certificate.fingerprint)) continue;
    const entry = { subject: formatName(certificate.subject), fingerprint: certificate.fingerprint };
    const by = trustedBy.get(caOf(certificate));
    if (by === undefined) removed.push(entry);
    else stillTrusted.push({ ...entry, by: [...by].sort() });
  }
  return { removed, stillTrusted };
}
