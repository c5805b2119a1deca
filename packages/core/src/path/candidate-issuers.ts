import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import type { AnchorIndex } from "./anchor-index.ts";

/**
 * Everything that bears the issuer's name, most promising first: anchors, then a key identifier that matches (a hint, never a
 * filter: RFC 4158 §3.5.12), then what is valid now, then what lasts longest.
 */
export function candidateIssuers(
  child: Certificate,
  anchors: AnchorIndex,
  presented: readonly Certificate[],
  time: UnixSeconds,
): readonly Certificate[] {
  const name = child.issuer.canonical;
  const members = anchors.bySubject.get(name) ?? [];
  const others = presented.filter(
    ({ subject, fingerprint }) => subject.canonical === name && !anchors.byFingerprint.has(fingerprint),
  );
  if (members.length + others.length < 2) return members.length > 0 ? members : others;
  const ranked = [...members.map((c) => rank(child, c, true, time)), ...others.map((c) => rank(child, c, false, time))];
  return ranked.sort(compareRanks).map(({ candidate }) => candidate);
}

type Rank = {
  readonly candidate: Certificate;
  readonly isAnchor: boolean;
  readonly keyId: number;
  readonly isValid: boolean;
};

function rank(child: Certificate, candidate: Certificate, isAnchor: boolean, time: UnixSeconds): Rank {
  const isValid = candidate.notBefore <= time && time <= candidate.notAfter;
  return { candidate, isAnchor, keyId: keyIdentifierMatch(child, candidate), isValid };
}

/** 2: they agree; 1: one of them is absent; 0: they differ. */
export function keyIdentifierMatch(child: Certificate, issuer: Certificate): 0 | 1 | 2 {
  const wanted = child.extensions.authorityKeyIdentifier?.keyIdentifier;
  const own = issuer.extensions.subjectKeyIdentifier;
  if (wanted === undefined || own === undefined) return 1;
  return sameBytes(wanted, own) ? 2 : 0;
}

function compareRanks(a: Rank, b: Rank): number {
  return (
    Number(b.isAnchor) - Number(a.isAnchor) ||
    b.keyId - a.keyId ||
    Number(b.isValid) - Number(a.isValid) ||
    b.candidate.notAfter - a.candidate.notAfter
  );
}
