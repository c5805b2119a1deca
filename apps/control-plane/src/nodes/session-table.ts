import { type Network, networks } from "@tcm/core";
import type { Clock } from "../operations/actor.ts";
import type { Fleet } from "../operations/deployment-context.ts";
import type { AuthenticatedNode } from "../operations/edge-nodes/enrol-node.ts";
import type { Signals } from "../store/store.ts";
import { AnnouncementWindow, usualWindow, type WindowOptions } from "./announcement-window.ts";
import { openFlapGuard } from "./flap-guard.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { NodeSession } from "./node-session.ts";

export type SessionTableOptions = {
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

/** A signal may get lost, and then nodes of this process hear of a change by another one this much later. */
const pollMs = 2_000;

/** The sessions of the nodes that are connected now, one a node, and what makes them hear of changes. */
export class SessionTable implements Fleet {
  readonly #options: SessionTableOptions;
  readonly #byNode = new Map<string, NodeSession>();
  readonly #windows: Readonly<Record<Network, AnnouncementWindow<NodeSession>>>;
  readonly #guard = openFlapGuard();
  readonly #stopListening: () => void;
  readonly #poll: NodeJS.Timeout;

  constructor(options: SessionTableOptions) {
    const { signals, window = usualWindow, onBehind } = options;
    const openWindow = () => new AnnouncementWindow<NodeSession>(window, (session) => onBehind?.(session));
    this.#options = options;
    // A network whose nodes hang does not delay the other one.
    this.#windows = { STAGING: openWindow(), PRODUCTION: openWindow() };
    // Nodes may be connected to any of the processes on one store.
    this.#stopListening = signals.listen((signal) => {
      if (isNetwork(signal)) this.#announceHere(signal);
    });
    this.#poll = setInterval(() => {
      for (const network of networks) this.#announceHere(network);
    }, pollMs);
  }

  announce(network: Network): void {
    this.#announceHere(network);
    this.#options.signals.send(network);
  }

  isConnected(nodeId: string): boolean {
    return this.#byNode.has(nodeId);
  }

  sessions(): readonly NodeSession[] {
    return [...this.#byNode.values()];
  }

  /** The one that counts. */
  sessionOf(nodeId: string): NodeSession | undefined {
    return this.#byNode.get(nodeId);
  }

  /** Who of the network is told of changes when. */
  windowOf(network: Network): AnnouncementWindow<NodeSession> {
    return this.#windows[network];
  }

  /** A node that connects again is the same node: its earlier session ends. */
  add(session: NodeSession): void {
    const earlier = this.#byNode.get(session.node.nodeId);
    this.#byNode.set(session.node.nodeId, session);
    if (earlier !== undefined) this.endReplaced(earlier);
  }

  remove(session: NodeSession): void {
    const { nodeId } = session.node;
    if (this.#byNode.get(nodeId) === session) this.#byNode.delete(nodeId);
  }

  /** The node has another session, here or with another process. */
  endReplaced(session: NodeSession): void {
    const { clock, onShared } = this.#options;
    const { retryAfterMs, isShared } = this.#guard.replaced(session.node.nodeId, clock());
    session.end("The node has opened another session.", retryAfterMs);
    if (isShared) onShared(session.node);
  }

  close(): void {
    clearInterval(this.#poll);
    this.#stopListening();
  }

  #announceHere(network: Network): void {
    this.#refreshAndTell(network).catch(this.#options.onFault);
  }

  async #refreshAndTell(network: Network): Promise<void> {
    await this.#options.manifest.refresh(network);
    for (const session of this.#byNode.values()) if (session.node.network === network) session.announce();
  }
}

function isNetwork(text: string): text is Network {
  return (networks as readonly string[]).includes(text);
}
