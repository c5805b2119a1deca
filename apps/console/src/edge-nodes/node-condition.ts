import type { EdgeNodeView } from "@tcm/api-contract";

export const nodeConditions = ["rejecting", "shut-out", "away", "behind", "serving", "drained"] as const;

/** What is most worth knowing of a node, those that need somebody first. */
export type NodeCondition = (typeof nodeConditions)[number];

/** Pure. */
export function conditionOf(node: EdgeNodeView): NodeCondition {
  const { drained, isConnected, isCertificateExpired, isDrifted, entries } = node;
  if (drained) return "drained";
  if (isCertificateExpired) return "shut-out";
  if (!isConnected) return "away";
  if (entries.some(({ state, isDrifted: isBehind }) => state === "rejected" && isBehind)) return "rejecting";
  return isDrifted ? "behind" : "serving";
}

export const conditionText: Readonly<Record<NodeCondition, string>> = {
  rejecting: "rejects what it should serve",
  "shut-out": "certificate ran out",
  away: "not connected",
  behind: "behind",
  serving: "serves what it should",
  drained: "drained",
};

export const conditionColor = {
  rejecting: "red",
  "shut-out": "red",
  away: "red",
  behind: "orange",
  serving: "green",
  drained: "grey",
} as const satisfies Readonly<Record<NodeCondition, string>>;

/** No event says that a node has caught up when no deployment waits for it: while one is behind, it is asked for again. */
export function askAgainMs(nodes: readonly EdgeNodeView[] | undefined): number | false {
  return nodes?.some((node) => conditionOf(node) === "behind") === true ? 5_000 : false;
}

const dayMs = 86_400_000;

/** Away for a day or more, or never there: somebody has forgotten it. */
export function isStale({ isConnected, lastSeenDate, drained }: EdgeNodeView, nowMs: number): boolean {
  if (isConnected || drained) return false;
  return lastSeenDate === null || nowMs - Date.parse(lastSeenDate) >= dayMs;
}
