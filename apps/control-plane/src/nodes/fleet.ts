import { type Network, networks } from "@tcm/core";
import type { Clock } from "../operations/actor.ts";
import type { Fleet } from "../operations/deployment-context.ts";
import type { AuthenticatedNode } from "../operations/edge-nodes/enrol-node.ts";
import type { Signals } from "../store/store.ts";
import { AnnouncementWindow, usualWindow, type WindowOptions } from "./announcement-window.ts";
import { openFlapGuard } from "./flap-guard.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { NodeSession } from "./node-session.ts";

/** The sessions of the nodes that are connected now, one a node. */
export type SessionTable = Fleet & {
  /** A node that connects again is the same node: its earlier session ends. */
  add(session: NodeSession): void;
  remove(session: NodeSession): void;
  /** The node has another session, here or with another process. */
  endReplaced(session: NodeSession): void;
  sessions(): readonly NodeSession[];
  /** The one that counts. */
  sessionOf(nodeId: string): NodeSession | undefined;
  /** Who of the network is told of changes when. */
  windowOf(network: Network): AnnouncementWindow<NodeSession>;
  close(): void;
};

/** A signal may get lost, and then nodes of this process hear of a change by another one this much later. */
const pollMs = 2_000;

export type FleetOptions = {
  readonly manifest: ManifestCache;
  readonly signals: Signals;
  readonly onFault: (error: unknown) => void;
  readonly window?: WindowOptions | undefined;
  /** A node has not answered within its deadline. It is told on, after the others. */
  readonly onBehind?: ((session: NodeSession) => void) | undefined;
  readonly clock: Clock;
  /** Two agents have one node's identity. */
  readonly onShared: (node: AuthenticatedNode) => void;
};

export function openFleet(options: FleetOptions): SessionTable {
  const { manifest, signals, onFault, window = usualWindow, onBehind, clock, onShared } = options;
  const openWindow = () => new AnnouncementWindow<NodeSession>(window, (session) => onBehind?.(session));
  // A network whose nodes hang does not delay the other one.
  const windows: Readonly<Record<Network, AnnouncementWindow<NodeSession>>> = {
    STAGING: openWindow(),
    PRODUCTION: openWindow(),
  };
  const byNode = new Map<string, NodeSession>();
  const guard = openFlapGuard();
  const endReplaced = (session: NodeSession): void => {
    const { retryAfterMs, isShared } = guard.replaced(session.node.nodeId, clock());
    session.end("The node has opened another session.", retryAfterMs);
    if (isShared) onShared(session.node);
  };
  const refreshAndTell = async (network: Network): Promise<void> => {
    await manifest.refresh(network);
    for (const session of byNode.values()) if (session.node.network === network) session.announce();
  };
  const announceNow = (network: Network): void => void refreshAndTell(network).catch(onFault);
  const announceAll = (): void => networks.forEach(announceNow);
  // Nodes may be connected to any of the processes on one store.
  const stopListening = signals.listen((signal) => {
    if (isNetwork(signal)) announceNow(signal);
  });
  const poll = setInterval(announceAll, pollMs);
  return {
    announce: (network) => {
      announceNow(network);
      signals.send(network);
    },
    isConnected: (nodeId) => byNode.has(nodeId),
    sessions: () => [...byNode.values()],
    sessionOf: (nodeId) => byNode.get(nodeId),
    windowOf: (network) => windows[network],
    add: (session) => {
      const earlier = byNode.get(session.node.nodeId);
      byNode.set(session.node.nodeId, session);
      if (earlier !== undefined) endReplaced(earlier);
    },
    endReplaced,
    remove: (session) => {
      if (byNode.get(session.node.nodeId) === session) byNode.delete(session.node.nodeId);
    },
    close: () => {
      clearInterval(poll);
      stopListening();
    },
  };
}

function isNetwork(text: string): text is Network {
  return (networks as readonly string[]).includes(text);
}
