import type { VersionView } from "@tcm/api-contract";
import { type Comparisons, inOrder, type Order } from "../text/column-order.ts";

export type VersionColumn = "version" | "description" | "runs" | "created";

/** Versions that have the words in their number, description or maker; `v3` and `3` are version 3. Pure. */
export function versionRows(
  versions: readonly VersionView[],
  words: string,
  order: Order<VersionColumn>,
): readonly VersionView[] {
  const wanted = words.trim().toLowerCase();
  const number = /^(?:v|version )?(\d+)$/.exec(wanted)?.[1];
  const found = versions.filter(
    ({ version, description, createdBy }) =>
      String(version) === number || [description ?? "", createdBy].some((text) => text.toLowerCase().includes(wanted)),
  );
  return inOrder(found, order, comparisons);
}

const comparisons: Comparisons<VersionView, VersionColumn> = {
  version: (a, b) => a.version - b.version,
  description: (a, b) => (a.description ?? "").localeCompare(b.description ?? ""),
  // Production weighs more than staging.
  runs: (a, b) => weight(a) - weight(b),
  created: (a, b) => a.createdDate.localeCompare(b.createdDate),
};

function weight({ stagingStatus, productionStatus }: VersionView): number {
  return (productionStatus === "ACTIVE" ? 2 : 0) + (stagingStatus === "ACTIVE" ? 1 : 0);
}
