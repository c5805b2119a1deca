import type { Certificate } from "../certificate/certificate.ts";
import { childrenOf, type IssuerGraph } from "../path/issuer-graph.ts";
import { toHex } from "../text/hex.ts";

/** What a CA is to its clients: a subject and a public key, whichever certificates it has had. */
export function caOf({ subject, publicKey }: Pick<Certificate, "subject" | "publicKey">): string {
  return `${subject.canonical}|${toHex(publicKey.der)}`;
}

/** For each CA of the graph the anchors that lead to it: its own certificates and whatever stands above any of them. */
export function trustedCas(
  anchors: readonly Certificate[],
  graph: IssuerGraph,
): ReadonlyMap<string, ReadonlySet<string>> {
  const certificatesOf = Map.groupBy(graph.issuers.keys(), caOf);
  const children = childrenOf(graph);
  const trustedBy = new Map<string, Set<string>>();
  for (const { fingerprint, ...anchor } of anchors) {
    const queue = [caOf(anchor)];
    const seen = new Set<string>();
    for (let ca = queue.pop(); ca !== undefined; ca = queue.pop()) {
      if (seen.has(ca)) continue;
      seen.add(ca);
      trustedBy.set(ca, (trustedBy.get(ca) ?? new Set()).add(fingerprint));
      for (const own of certificatesOf.get(ca) ?? []) queue.push(...(children.get(own) ?? []).map(caOf));
    }
  }
  return trustedBy;
}
