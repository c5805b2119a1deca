import type { CaSetView, EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { conditionOf } from "../edge-nodes/node-condition.ts";
import { networkName } from "../text/network-name.ts";

export type NetworkSummary = {
  readonly name: string;
  readonly activeSets: number;
  /** Connected, and what they should. */
  readonly serving: number;
  /** Drained nodes are not expected. */
  readonly expected: number;
};

/** What runs on one network. Pure. */
export function networkSummary(
  network: Network,
  sets: readonly CaSetView[],
  nodes: readonly EdgeNodeView[],
): NetworkSummary {
  const expected = nodes.filter((node) => node.network === network && !node.drained);
  const activeVersion = network === "STAGING" ? "stagingVersion" : "productionVersion";
  return {
    name: networkName[network],
    activeSets: sets.filter((set) => set[activeVersion] !== null).length,
    serving: expected.filter((node) => conditionOf(node) === "serving").length,
    expected: expected.length,
  };
}
