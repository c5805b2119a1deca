import { type Certificate, encodeBase64 } from "@tcm/core";

/**
 * Why no probe can tell whether this anchor is trusted, given those that are to be; undefined when one can. Two CAs of one
 * name are told apart by their key identifiers alone (edges.md §1.3).
 */
export function ambiguity(anchor: Certificate, trusted: readonly Certificate[]): string | undefined {
  const twin = trusted.find((other) => sameName(anchor, other) && !sameKey(anchor, other) && !differ(anchor, other));
  if (twin === undefined) return undefined;
  const [a, b] = [anchor, twin].map(({ fingerprint }) => fingerprint.slice(0, 16));
  return `${a} and ${b} have one name, and no key identifiers that tell them apart`;
}

/** The same CA by another certificate: trust in one is trust in the other, and a probe of one finds the other. */
export function isAlsoTrustedAs(anchor: Certificate, trusted: readonly Certificate[]): boolean {
  return trusted.some((other) => sameName(anchor, other) && sameKey(anchor, other));
}

function sameName(a: Certificate, b: Certificate): boolean {
  return a.subject.canonical === b.subject.canonical;
}

function sameKey(a: Certificate, b: Certificate): boolean {
  return encodeBase64(a.publicKey.der) === encodeBase64(b.publicKey.der);
}

function differ(a: Certificate, b: Certificate): boolean {
  const [own, others] = [a, b].map(({ extensions }) => extensions.subjectKeyIdentifier);
  return own !== undefined && others !== undefined && encodeBase64(own) !== encodeBase64(others);
}
