import type { EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

/** How far one node is with an edge certificate. */
export type BindingNode = {
  readonly nodeId: string;
  readonly network: Network;
  readonly state: "serves" | "waits" | "rejected";
  readonly text: string;
};

/** Every node that is waited for: those that rejected it first, then those behind. Drained nodes are not waited for. Pure. */
export function bindingNodes(nodes: readonly EdgeNodeView[], edgeCertificateId: number): readonly BindingNode[] {
  const entryId = `edge-certificate/${edgeCertificateId}`;
  return nodes
    .filter(({ drained }) => !drained)
    .flatMap((node) =>
      node.entries.filter((entry) => entry.entryId === entryId).map((entry) => bindingNode(node, entry)),
    )
    .toSorted((a, b) => order[a.state] - order[b.state] || a.nodeId.localeCompare(b.nodeId));
}

const order = { rejected: 0, waits: 1, serves: 2 } as const;

type Entry = EdgeNodeView["entries"][number];

function bindingNode({ nodeId, network, isConnected }: EdgeNodeView, entry: Entry): BindingNode {
  const { isDrifted, reportedGeneration, expectedGeneration, state, code, detail } = entry;
  const isCurrent = reportedGeneration === expectedGeneration;
  if (isCurrent && state === "rejected") {
    const words = [code, detail].filter((part) => part !== null).join(": ");
    return { nodeId, network, state: "rejected", text: words === "" ? "It gives no reason." : words };
  }
  if (!isDrifted) return { nodeId, network, state: "serves", text: "It has proved that it serves this." };
  return { nodeId, network, state: "waits", text: waitsText(isConnected, isCurrent ? state : "unknown") };
}

function waitsText(isConnected: boolean, state: Entry["state"]): string {
  if (!isConnected) return "It is not connected, and takes this over when it comes back.";
  if (state === "delivered") return "It has checked signature and content.";
  return state === "applied" ? "Its engine has taken it; the proof is under way." : "Nothing was heard of it yet.";
}
