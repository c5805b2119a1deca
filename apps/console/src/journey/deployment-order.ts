import type { Network } from "@tcm/core";

export type Outcomes = { readonly [N in Network]?: "complete" | "failed" | undefined };

/** Staging first, whatever order they were chosen in. */
export function inOrder(networks: readonly Network[]): readonly Network[] {
  return (["STAGING", "PRODUCTION"] as const).filter((network) => networks.includes(network));
}

/** What a network does: it begins when every one before it is complete, and not at all when one of them failed. */
export function phaseOf(network: Network, order: readonly Network[], outcomes: Outcomes): "begins" | "waits" | "stays" {
  const before = order.slice(0, order.indexOf(network)).map((one) => outcomes[one]);
  if (before.every((outcome) => outcome === "complete")) return "begins";
  return before.includes("failed") ? "stays" : "waits";
}

/** Nothing begins any more. */
export function isOver(order: readonly Network[], outcomes: Outcomes): boolean {
  return order.some((one) => outcomes[one] === "failed") || order.every((one) => outcomes[one] === "complete");
}
