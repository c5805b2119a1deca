import type { Certificate } from "../certificate/certificate.ts";

/** The members of a CA set, made ready for look-ups. Every member is a trust anchor, root or not. Build once per set. */
export type AnchorIndex = {
  readonly anchors: readonly Certificate[];
  readonly bySubject: ReadonlyMap<string, readonly Certificate[]>;
  readonly byFingerprint: ReadonlyMap<string, Certificate>;
};

export function buildAnchorIndex(anchors: readonly Certificate[]): AnchorIndex {
  return {
    anchors,
    bySubject: Map.groupBy(anchors, ({ subject }) => subject.canonical),
    byFingerprint: new Map(anchors.map((anchor) => [anchor.fingerprint, anchor])),
  };
}
