import type { ActivationNodesView } from "@tcm/api-contract";

export type NodeView = ActivationNodesView["nodes"][number];

export type NodeText = {
  readonly word: string;
  readonly color: "green" | "blue" | "red" | "grey";
  readonly sentence: string;
};

/** How far a node is, in words; its own come before ours. */
export function nodeStateText({ state, requiredLevel, excludedDate, excludedBy, detail, code }: NodeView): NodeText {
  if (excludedDate !== null)
    return { word: "excluded", color: "grey", sentence: `Taken out by ${excludedBy ?? "an operator"}; not counted.` };
  const words = [code, detail].filter((part) => part !== null).join(": ");
  switch (state) {
    case "expected":
      return { word: "expected", color: "grey", sentence: "Nothing was heard of it yet." };
    case "delivered":
      return { word: "delivered", color: "blue", sentence: "It has checked signature and content." };
    case "applied":
      return requiredLevel === "applied"
        ? { word: "applied", color: "green", sentence: words || "Its engine has taken it; it cannot prove more." }
        : { word: "applied", color: "blue", sentence: words || "Its engine has taken it; the proof is under way." };
    case "verified":
      return {
        word: "verified",
        color: "green",
        sentence: words || "Proved: it serves this, and nothing that was removed.",
      };
    case "rejected":
      return { word: "rejected", color: "red", sentence: words || "It keeps what was good before." };
  }
}

/** At the highest level that its engine can prove. */
export function isDone({ state, requiredLevel, excludedDate }: NodeView): boolean {
  return excludedDate === null && (state === "verified" || (state === "applied" && requiredLevel === "applied"));
}

const urgency = ["rejected", "expected", "delivered", "applied", "verified"] as const;

/** The one that goes first, then those that need somebody; those that are done and those that do not count come last. Pure. */
export function nodesInOrder(nodes: readonly NodeView[]): readonly NodeView[] {
  const rank = (node: NodeView): number => {
    if (node.goesFirst === true) return -1;
    if (node.excludedDate !== null) return 10;
    return isDone(node) ? 9 : urgency.indexOf(node.state);
  };
  return nodes.toSorted((a, b) => rank(a) - rank(b) || compare(a.nodeId, b.nodeId));
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Instead of the table of nodes. */
export function noNodesSentence(areForgotten: boolean): string {
  return areForgotten
    ? "How far each node was is not kept any more: that is kept for 30 days after the end, and longer only of what is in force and of the last deployment."
    : "This network has no edge nodes; the deployment is complete at once.";
}

/** "3 of 5 nodes have proved it, 1 has rejected it, 1 is waited for." */
export function progressSentence(nodes: readonly NodeView[]): string {
  const counted = nodes.filter(({ excludedDate }) => excludedDate === null);
  const done = counted.filter(isDone).length;
  const rejected = counted.filter(({ state }) => state === "rejected").length;
  const waiting = counted.length - done - rejected;
  const excluded = nodes.length - counted.length;
  const parts = [
    `${done.toLocaleString("en")} of ${counted.length.toLocaleString("en")} ${counted.length === 1 ? "node has" : "nodes have"} proved it`,
    ...(rejected > 0 ? [`${rejected.toLocaleString("en")} ${rejected === 1 ? "has" : "have"} rejected it`] : []),
    ...(waiting > 0 ? [`${waiting.toLocaleString("en")} ${waiting === 1 ? "is" : "are"} waited for`] : []),
    ...(excluded > 0 ? [`${excluded.toLocaleString("en")} not counted`] : []),
  ];
  return `${parts.join(", ")}.`;
}
