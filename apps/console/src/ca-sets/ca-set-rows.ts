import type { CaSetView } from "@tcm/api-contract";
import { type Comparisons, inOrder, type Order } from "../text/column-order.ts";

export type CaSetColumn = "name" | "staging" | "production" | "created";

/** The sets whose name has the words, in order; what is equal is by name. Pure. */
export function caSetRows(sets: readonly CaSetView[], words: string, order: Order<CaSetColumn>): readonly CaSetView[] {
  const wanted = words.trim().toLowerCase();
  const found = sets.filter(({ caSetName }) => caSetName.toLowerCase().includes(wanted));
  return inOrder(found.toSorted(comparisons.name), order, comparisons);
}

const comparisons: Comparisons<CaSetView, CaSetColumn> = {
  name: (a, b) => a.caSetName.localeCompare(b.caSetName),
  staging: (a, b) => (a.stagingVersion ?? 0) - (b.stagingVersion ?? 0),
  production: (a, b) => (a.productionVersion ?? 0) - (b.productionVersion ?? 0),
  created: (a, b) => a.createdDate.localeCompare(b.createdDate),
};
