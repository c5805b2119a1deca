import { type ProblemItemView, problemTypePrefix } from "@tcm/api-contract";
import type { ProblemItem } from "@tcm/core";

/** Warnings, advice and the parts of a problem as the API shows them: their types are of the same kind as those of problems. */
export function itemList(items: readonly ProblemItem[]): ProblemItemView[] {
  return items.map(({ type, contextInfo, ...item }) => ({
    type: problemTypePrefix + type,
    ...item,
    ...(contextInfo !== undefined && { contextInfo: { ...contextInfo } }),
  }));
}
