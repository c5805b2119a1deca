import type { CaSetView, EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

export type NetworkSummary = {
  readonly name: string;
  readonly activeSets: number;
  readonly connected: number;
  /** Drained nodes are not expected. */
  readonly expected: number;
};

export const networkName: Readonly<Record<Network, string>> = { STAGING: "Staging", PRODUCTION: "Production" };

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
