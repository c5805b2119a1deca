import type { ChainMember, ChainStructure } from "@tcm/core";

/** One box of the picture: a certificate, or those that would be too many beside each other. */
export type GraphItem =
  | { readonly kind: "member"; readonly id: string; readonly member: ChainMember }
  | { readonly kind: "more"; readonly id: string; readonly members: readonly ChainMember[] };

/** Beside each other, before the others become one box. */
const shownAlike = 4;

/**
 * What is drawn: every certificate, but of those that certify nothing and have the same issuers only the first, unless their box is
 * open. `focus` is drawn in any case. Pure.
 */
export function graphItems(
  { members }: ChainStructure,
  open: ReadonlySet<string>,
  focus: string | undefined,
): readonly GraphItem[] {
  const alike = Map.groupBy(members, ({ issues, issuedBy, fingerprint }) =>
    issues.length > 0 ? fingerprint : `more ${issuedBy.toSorted().join(" ")}`,
  );
  return [...alike].flatMap(([id, group]) => (open.has(id) ? group.map(drawn) : closed(id, group, focus)));
}

function closed(id: string, group: readonly ChainMember[], focus: string | undefined): readonly GraphItem[] {
  // A box for one would hide more than it saves.
  if (group.length <= shownAlike + 1) return group.map(drawn);
  const isShown = ({ fingerprint }: ChainMember, i: number): boolean => i < shownAlike || fingerprint === focus;
  const hidden = group.filter((member, i) => !isShown(member, i));
  return [...group.filter(isShown).map(drawn), { kind: "more", id, members: hidden }];
}

function drawn(member: ChainMember): GraphItem {
  return { kind: "member", id: member.fingerprint, member };
}

/** Everything above and below a certificate: who lets its clients in too, and whom it lets in. Pure. */
export function relativesOf({ members }: ChainStructure, fingerprint: string): ReadonlySet<string> {
  const byFingerprint = new Map(members.map((member) => [member.fingerprint, member]));
  return new Set([
    fingerprint,
    ...reached(fingerprint, (one) => byFingerprint.get(one)?.issuedBy ?? []),
    ...reached(fingerprint, (one) => byFingerprint.get(one)?.issues ?? []),
  ]);
}

function reached(start: string, next: (fingerprint: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...next(start)];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (seen.has(one)) continue;
    seen.add(one);
    queue.push(...next(one));
  }
  return seen;
}
