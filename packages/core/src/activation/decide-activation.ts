import type { Activation, ExpectedNode, UnixMillis } from "./activation.ts";

/** What to do about a running activation now. */
export type ActivationDecision =
  | { readonly next: "wait" }
  /** Every expected node proved it, or none was expected. */
  | { readonly next: "complete" }
  /** The version becomes, or stays, the network's; nodes behind converge later and show as drift. */
  | { readonly next: "fail-and-keep"; readonly reason: string }
  /** The old content goes out again as a new generation. */
  | { readonly next: "fail-and-restore"; readonly reason: string };

const levels = { expected: 0, delivered: 1, applied: 2, verified: 3, rejected: -1 } as const;

/** Pure: the same activation, nodes and time always end the same way. Called again after every report and at the deadline. */
export function decideActivation(
  activation: Activation,
  nodes: readonly ExpectedNode[],
  now: UnixMillis,
): ActivationDecision {
  const counted = nodes.filter(({ isExcluded }) => !isExcluded);
  const rejected = counted.filter(({ state }) => state === "rejected");
  if (rejected.length > 0) return afterRejection(activation, rejected);
  if (counted.every(isDone)) return { next: "complete" };
  if (now < activation.deadline) return { next: "wait" };
  const behind = counted.filter((node) => !isDone(node)).map(({ nodeId, state }) => `${nodeId} (${state})`);
  return {
    next: "fail-and-keep",
    reason: `Not proved before the deadline on ${listed(behind)}. These nodes converge when they can.`,
  };
}

/** What was distrusted is never put back by itself: a node that cannot let go must not make the others trust again. */
function afterRejection({ removesTrustOnly }: Activation, rejected: readonly ExpectedNode[]): ActivationDecision {
  const who = listed(rejected.map((node) => `${node.nodeId}: ${wordsOf(node)}`));
  if (removesTrustOnly)
    return {
      next: "fail-and-keep",
      reason: `Rejected by ${who}. The change only removes trust and stays in force elsewhere.`,
    };
  return { next: "fail-and-restore", reason: `Rejected by ${who}. The previous content is being deployed again.` };
}

/** What the node said, to be put into a sentence: its own may end with a full stop. */
export function wordsOf({ detail }: ExpectedNode): string {
  return (detail ?? "no reason given").replace(/\.$/, "");
}

export function isDone({ state, requiredLevel }: Pick<ExpectedNode, "state" | "requiredLevel">): boolean {
  return levels[state] >= levels[requiredLevel];
}

/** Nodes at their highest provable level by nodes expected, rounded down: 100 means all. No node at all is 100. */
export function percentComplete(nodes: readonly ExpectedNode[]): number {
  const counted = nodes.filter(({ isExcluded }) => !isExcluded);
  return percentOf(counted.filter(isDone).length, counted.length);
}

/** The same of numbers alone. */
export function percentOf(done: number, expected: number): number {
  return expected === 0 ? 100 : Math.floor((done * 100) / expected);
}

/** Long lists are cut: a reason is for reading. */
function listed(items: readonly string[]): string {
  const shown = items.slice(0, 20).join(", ");
  return items.length > 20 ? `${shown} and ${items.length - 20} more` : shown;
}
