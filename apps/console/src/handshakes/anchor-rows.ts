import type { HandshakeSummary } from "@tcm/api-contract";

export type AnchorRow = HandshakeSummary["anchors"][number] & {
  /** Of the most used anchor, 0 to 1: how long its bar is. */
  readonly share: number;
};

/** Anchors with the length of their bars, the most used first; those that were never used come last, by name. Pure. */
export function anchorRows(anchors: HandshakeSummary["anchors"]): readonly AnchorRow[] {
  const most = Math.max(0, ...anchors.map(({ accepted }) => accepted));
  return anchors
    .map((anchor) => ({ ...anchor, share: most === 0 ? 0 : anchor.accepted / most }))
    .toSorted((a, b) => b.accepted - a.accepted || (a.subject ?? "").localeCompare(b.subject ?? ""));
}
