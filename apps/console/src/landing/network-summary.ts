import type { CaSetView, EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { networkName } from "../text/network-name.ts";

export type NetworkSummary = {
  readonly name: string;
  readonly activeSets: number;
  readonly connected: number;
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
    connected: expected.filter(({ isConnected }) => isConnected).length,
    expected: expected.length,
  };
}
