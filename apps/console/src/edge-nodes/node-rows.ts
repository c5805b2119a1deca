import type { EdgeNodeView } from "@tcm/api-contract";

export type NodeCondition = "serving" | "behind" | "away" | "drained";

/** What is most worth knowing of a node. Pure. */
export function conditionOf({ drained, isConnected, isDrifted }: EdgeNodeView): NodeCondition {
  if (drained) return "drained";
  if (!isConnected) return "away";
  return isDrifted ? "behind" : "serving";
}

export const conditionText: Readonly<Record<NodeCondition, string>> = {
  serving: "serves what it should",
  behind: "behind",
  away: "not connected",
  drained: "drained",
};

const urgency: readonly NodeCondition[] = ["away", "behind", "serving", "drained"];

/** Nodes whose id, engine or network has the words; those that need somebody first. Pure. */
export function nodeRows(nodes: readonly EdgeNodeView[], words: string): readonly EdgeNodeView[] {
  const wanted = words.trim().toLowerCase();
  return nodes
    .filter(({ nodeId, engine, network }) => `${nodeId} ${engine} ${network}`.toLowerCase().includes(wanted))
    .toSorted(
      (a, b) => urgency.indexOf(conditionOf(a)) - urgency.indexOf(conditionOf(b)) || a.nodeId.localeCompare(b.nodeId),
    );
}
