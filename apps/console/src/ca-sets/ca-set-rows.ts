import type { CaSetView } from "@tcm/api-contract";

export type SortColumn = "name" | "staging" | "production" | "created";
export type Order = { readonly by: SortColumn; readonly direction: "asc" | "desc" };

/** The sets whose name has the words, in order; those without a version on a network come last there. Pure. */
export function caSetRows(sets: readonly CaSetView[], words: string, order: Order): readonly CaSetView[] {
  const wanted = words.trim().toLowerCase();
  const sign = order.direction === "asc" ? 1 : -1;
  return sets
    .filter(({ caSetName }) => caSetName.toLowerCase().includes(wanted))
    .toSorted((a, b) => sign * compare(a, b, order.by) || byName(a, b));
}

function compare(a: CaSetView, b: CaSetView, by: SortColumn): number {
  switch (by) {
    case "name":
      return byName(a, b);
    case "staging":
      return (a.stagingVersion ?? 0) - (b.stagingVersion ?? 0);
    case "production":
      return (a.productionVersion ?? 0) - (b.productionVersion ?? 0);
    case "created":
      return a.createdDate.localeCompare(b.createdDate);
  }
}

function byName(a: CaSetView, b: CaSetView): number {
  return a.caSetName.localeCompare(b.caSetName);
}
