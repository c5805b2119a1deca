import type { Certificate } from "../certificate/certificate.ts";
import { formatTime } from "../certificate/format-certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import { childrenOf, type IssuerGraph } from "../path/issuer-graph.ts";

/** How the members of a set hang together, JSON-safe: nodes and edges, since a cross-signed CA has several issuers. */
export type ChainStructure = {
  readonly roots: readonly string[];
  /** Members that are no root and have no issuer in the set: where a tree starts without a root. */
  readonly tops: readonly string[];
  readonly members: readonly ChainMember[];
};

export type ChainMember = {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly endDate: string;
  readonly kind: "root" | "intermediate";
  /** Fingerprints of every member whose key signed this one. */
  readonly issuedBy: readonly string[];
  /** Fingerprints of the members that its key signed, itself not counted. */
  readonly issues: readonly string[];
  /** True when another member stands above: clients below it would be accepted without it, if they send it themselves. */
  readonly isCoveredFromAbove: boolean;
};

/** Every member is a trust anchor wherever it stands in the structure. */
export function chainStructure(certificates: readonly Certificate[], graph: IssuerGraph): ChainStructure {
  const children = childrenOf(graph);
  const members = certificates.map((certificate): ChainMember => {
    const issuers = graph.issuers.get(certificate) ?? [];
    return {
      fingerprint: certificate.fingerprint,
      subject: formatName(certificate.subject),
      issuer: formatName(certificate.issuer),
      endDate: formatTime(certificate.notAfter),
      kind: graph.roots.has(certificate) ? "root" : "intermediate",
      issuedBy: issuers.map(fingerprintOf),
      issues: (children.get(certificate) ?? []).map(fingerprintOf),
      isCoveredFromAbove: issuers.length > 0,
    };
  });
  const roots = members.filter(({ kind }) => kind === "root").map(fingerprintOf);
  const tops = members.filter(({ kind, issuedBy }) => kind !== "root" && issuedBy.length === 0).map(fingerprintOf);
  return { roots, tops, members };
}

function fingerprintOf({ fingerprint }: { readonly fingerprint: string }): string {
  return fingerprint;
}
