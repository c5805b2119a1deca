import type { ChainMember, ChainStructure } from "@tcm/core";

export type TreeItem = {
  /** Unique in the tree: the fingerprints from the top down. */
  readonly id: string;
  readonly member: ChainMember;
  /** It stands further up in this branch already: CAs that sign each other. */
  readonly isRepeated: boolean;
  readonly children: readonly TreeItem[];
};

/** CAs that sign each other across have more paths than anybody reads. */
const maxItems = 1_000;

/** The structure as trees; a cross-signed CA stands under each of its issuers. Members of a ring without a top come last. Pure. */
export function treeItems({ roots, tops, members }: ChainStructure): readonly TreeItem[] {
  const byFingerprint = new Map(members.map((member) => [member.fingerprint, member]));
  const shown = new Set<string>();
  const visit = (fingerprint: string, above: readonly string[]): readonly TreeItem[] => {
    const member = byFingerprint.get(fingerprint);
    if (member === undefined || shown.size >= maxItems) return [];
    const path = [...above, fingerprint];
    const isRepeated = above.includes(fingerprint);
    shown.add(path.join("/"));
    const children = isRepeated ? [] : member.issues.flatMap((child) => visit(child, path));
    return [{ id: path.join("/"), member, isRepeated, children }];
  };
  const trees = [...roots, ...tops].flatMap((top) => visit(top, []));
  const reached = new Set(trees.flatMap(fingerprintsOf));
  const rest = members.flatMap(({ fingerprint }) => {
    if (reached.has(fingerprint)) return [];
    const ring = visit(fingerprint, []);
    for (const one of ring.flatMap(fingerprintsOf)) reached.add(one);
    return ring;
  });
  return [...trees, ...rest];
}

function fingerprintsOf({ member, children }: TreeItem): readonly string[] {
  return [member.fingerprint, ...children.flatMap(fingerprintsOf)];
}

/** What people call a CA by: its common name, else the whole subject. */
export function shortName(subject: string): string {
  return /(?:^|, )CN=((?:[^,\\]|\\.)+)/.exec(subject)?.[1] ?? subject;
}
