import type { ActivationNodesView } from "@tcm/api-contract";

export type NodeView = ActivationNodesView["nodes"][number];

export type NodeText = {
  readonly word: string;
  readonly color: "green" | "blue" | "red" | "grey";
  readonly sentence: string;
};

/** How far a node is, in words. */
export function nodeStateText({ state, requiredLevel, excludedDate, detail, code }: NodeView): NodeText {
  if (excludedDate !== null)
    return { word: "excluded", color: "grey", sentence: "Taken out by an operator; not counted." };
  const words = detail ?? code ?? "";
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
