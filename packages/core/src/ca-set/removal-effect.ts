import type { Certificate } from "../certificate/certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import { childrenOf, type IssuerGraph } from "../path/issuer-graph.ts";
import { toHex } from "../text/hex.ts";

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
 * A CA is a subject and a public key: a renewed or cross-signed certificate of it, or a root above it that stays, still trusts
 * its clients. `graphBefore` spans the old members, so that signatures between them are known.
 */
export function removalEffect(
  before: readonly Certificate[],
  after: readonly Certificate[],
  graphBefore: IssuerGraph,
): RemovalEffect {
  const kept = new Set(after.map(({ fingerprint }) => fingerprint));
  const keptCas = Map.groupBy(after, caOf);
  const below = childrenOf(graphBefore);
  const coveredBy = coverage(before, kept, below);
  const removed: RemovalEffect["removed"][number][] = [];
  const stillTrusted: RemovalEffect["stillTrusted"][number][] = [];
  for (const certificate of before) {
    if (kept.has(certificate.fingerprint)) continue;
    const entry = { subject: formatName(certificate.subject), fingerprint: certificate.fingerprint };
    const sameCa = (keptCas.get(caOf(certificate)) ?? []).map(({ fingerprint }) => fingerprint);
    const by = [...new Set([...sameCa, ...(coveredBy.get(certificate) ?? [])])].sort();
    if (by.length === 0) removed.push(entry);
    else stillTrusted.push({ ...entry, by });
  }
  return { removed, stillTrusted };
}

/** For each old member the kept ones that stand somewhere above it. */
function coverage(
  before: readonly Certificate[],
  kept: ReadonlySet<string>,
  below: ReadonlyMap<Certificate, readonly Certificate[]>,
): ReadonlyMap<Certificate, ReadonlySet<string>> {
  const covered = new Map<Certificate, Set<string>>();
  for (const top of before.filter(({ fingerprint }) => kept.has(fingerprint))) {
    const queue = [...(below.get(top) ?? [])];
    const seen = new Set<Certificate>();
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const by = covered.get(next) ?? new Set<string>();
      by.add(top.fingerprint);
      covered.set(next, by);
      queue.push(...(below.get(next) ?? []));
    }
  }
  return covered;
}

function caOf({ subject, publicKey }: Certificate): string {
  return `${subject.canonical}|${toHex(publicKey.der)}`;
}
