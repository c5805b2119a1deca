import type { EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { type BindingNode, bindingNodes } from "./binding-nodes.ts";

/** How far the nodes of a network are with letting go of hostnames that were unbound. */
export type UnbindingNetwork = {
  readonly network: Network;
  readonly nodes: number;
  readonly left: readonly BindingNode[];
};

/** A node is told until it has shown that it serves the hostnames no more; then it is told nothing of them. Pure. */
export function unbindingNetworks(
  nodes: readonly EdgeNodeView[],
  edgeCertificateId: number,
): readonly UnbindingNetwork[] {
  const left = bindingNodes(nodes, edgeCertificateId).filter(({ state }) => state !== "serves");
  return (["STAGING", "PRODUCTION"] as const).map((network) => ({
    network,
    nodes: nodes.filter((node) => node.network === network && !node.drained).length,
    left: left.filter((node) => node.network === network),
  }));
}

/** Rounded down: not all of it before every node has shown it. */
export function unbindingPercent({ nodes, left }: UnbindingNetwork): number {
  return nodes === 0 ? 100 : Math.floor(((nodes - left.length) * 100) / nodes);
}
