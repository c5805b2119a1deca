import type { Network } from "@tcm/core";
import type { Fleet } from "../operations/deployment-context.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { NodeSession } from "./node-session.ts";

/** The sessions of the nodes that are connected now, one a node. */
export type SessionTable = Fleet & {
  /** A node that connects again is the same node: its earlier session ends. */
  add(session: NodeSession): void;
  remove(session: NodeSession): void;
  sessions(): readonly NodeSession[];
};

export function openFleet(manifest: ManifestCache, onFault: (error: unknown) => void): SessionTable {
  const byNode = new Map<string, NodeSession>();
  const announceNow = async (network: Network): Promise<void> => {
    await manifest.refresh(network);
    for (const session of byNode.values()) if (session.node.network === network) session.announce();
  };
  return {
    announce: (network) => void announceNow(network).catch(onFault),
    isConnected: (nodeId) => byNode.has(nodeId),
    sessions: () => [...byNode.values()],
    add: (session) => {
      byNode.get(session.node.nodeId)?.end("The node has opened another session.", 1_000);
      byNode.set(session.node.nodeId, session);
    },
    remove: (session) => {
      if (byNode.get(session.node.nodeId) === session) byNode.delete(session.node.nodeId);
    },
  };
}
