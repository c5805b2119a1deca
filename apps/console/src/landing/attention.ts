import type { CaSetView, EdgeNodeView } from "@tcm/api-contract";

/** One thing that somebody should look at, worst first. */
export type Attention = {
  readonly key: string;
  readonly severity: "danger" | "warning";
  readonly sentence: string;
  readonly caSetId?: string;
};

/** What needs attention: nodes that are away or behind, and sets that clients meet on one network only. Pure. */
export function attentionOf(sets: readonly CaSetView[], nodes: readonly EdgeNodeView[]): readonly Attention[] {
  const expected = nodes.filter(({ drained }) => !drained);
  return [
    ...expected.filter(({ isConnected }) => !isConnected).map(away),
    ...expected.filter(({ isConnected, isDrifted }) => isConnected && isDrifted).map(behind),
    ...sets.filter(isOnProductionOnly).map(onProductionOnly),
  ];
}

function away({ nodeId, network }: EdgeNodeView): Attention {
  const sentence = `Edge node ${nodeId} (${network.toLowerCase()}) is not connected. It serves what it had last.`;
  return { key: `away ${nodeId}`, severity: "danger", sentence };
}

function behind({ nodeId, network }: EdgeNodeView): Attention {
  const sentence = `Edge node ${nodeId} (${network.toLowerCase()}) does not serve what it should.`;
  return { key: `behind ${nodeId}`, severity: "danger", sentence };
}

function isOnProductionOnly({ stagingVersion, productionVersion }: CaSetView): boolean {
  return productionVersion !== null && stagingVersion === null;
}

function onProductionOnly({ caSetId, caSetName }: CaSetView): Attention {
  const sentence = `${caSetName} is on production and not on staging: a change of it cannot be tried first.`;
  return { key: `production only ${caSetId}`, severity: "warning", sentence, caSetId };
}
