import {
  type ControlPlaneMessage,
  type EntryReport,
  type HandshakeReport,
  maxNodeLineBytes,
  type NodeMessage,
  nodeMessage,
} from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { AuthenticatedNode } from "../operations/edge-nodes/enrol-node.ts";
import type { Hello, SaidOfItself } from "../operations/activations/record-reports.ts";
import type { AnnouncementWindow } from "./announcement-window.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import { NodeNews } from "./node-news.ts";
import type { ConnectedNode } from "./node-peer.ts";
import type { NodeStream } from "./node-stream.ts";

export type SessionNode = ConnectedNode & SaidOfItself;

export type SessionEvents = {
  /** The session counts from here on; resolves when what the node said is on disk. */
  readonly onHello: (session: NodeSession, hello: Hello) => Promise<void>;
  /** Answers when the node may say more; undefined: at once. */
  readonly onReport: (node: AuthenticatedNode, report: EntryReport) => Promise<void> | undefined;
  /** One at a time of each session. */
  readonly onHandshakes: (session: NodeSession, report: HandshakeReport) => void;
  readonly onClose: (session: NodeSession, reason: string) => void;
};

export type SessionOptions = {
  readonly node: SessionNode;
  readonly stream: NodeStream;
  readonly manifest: ManifestCache;
  readonly fleet: { windowOf(network: Network): AnnouncementWindow<NodeSession> };
  readonly heartbeatIntervalMs: number;
  readonly helloTimeoutMs: number;
};

const maxUnansweredPings = 3;
const faultRetryMs = 5_000;

/** Speaks `node-protocol.ts` on the stream of one node that has shown its credential; it never opens again. */
export class NodeSession {
  readonly node: SessionNode;
  readonly #options: SessionOptions;
  readonly #events: SessionEvents;
  readonly #stream: NodeStream;
  readonly #news: NodeNews;
  readonly #window: AnnouncementWindow<NodeSession>;
  #phase: "new" | "greeting" | "open" | "closed" = "new";
  #helloTimer: NodeJS.Timeout | undefined;
  #unansweredPings = 0;
  #isTakingHandshakes = false;

  constructor(options: SessionOptions, events: SessionEvents) {
    this.node = options.node;
    this.#options = options;
    this.#events = events;
    this.#stream = options.stream;
    this.#news = new NodeNews(options.node, options.manifest);
    this.#window = options.fleet.windowOf(options.node.network);
  }

  start(): void {
    this.#helloTimer = setTimeout(() => this.#fail("No hello in time."), this.#options.helloTimeoutMs);
    this.#stream.listen({
      onLine: (line) => this.#receive(line),
      onTooLong: () => this.#fail(`A line is longer than ${maxNodeLineBytes} bytes.`),
      // What changed while the node did not read is told in one go.
      onDrain: () => this.announce(),
      onEnd: (reason) => this.#close(reason),
    });
  }

  /** Has the node told what has changed since it was told last, when its turn comes. */
  announce(): void {
    if (this.#canBeTold() && this.#news.isAny) this.#window.enter(this);
  }

  /** For the window: tells it now. False: there is nothing that the node has not answered. */
  tell(): boolean {
    if (this.#canBeTold()) for (const line of this.#news.take()) this.#stream.write(line);
    return !this.#news.isAnswered;
  }

  /** Asks for a sign of life; ends the session when the last ones stayed unanswered. */
  ping(): void {
    // A node that is held cannot be heard.
    if (this.#phase !== "open" || this.#stream.isHeld) return;
    if (this.#unansweredPings >= maxUnansweredPings) return this.#fail("No sign of life.");
    this.#unansweredPings += 1;
    this.#say({ type: "ping" });
  }

  /** The report is on disk: the node may send the next. */
  handshakesTaken({ stream, sequence }: Pick<HandshakeReport, "stream" | "sequence">): void {
    this.#isTakingHandshakes = false;
    this.#say({ type: "handshakes-taken", stream, sequence });
  }

  /** `retryAfterMs`: when the node should come back. */
  end(reason: string, retryAfterMs: number): void {
    this.#say({ type: "goodbye", reason, retryAfterMs });
    this.#close(reason);
  }

  #canBeTold(): boolean {
    return this.#phase === "open" && !this.#stream.isBlocked;
  }

  #say(message: ControlPlaneMessage): void {
    this.#stream.write(JSON.stringify(message));
  }

  #fail(reason: string): void {
    this.end(reason, faultRetryMs);
  }

  #close(reason: string): void {
    if (this.#isClosed()) return;
    this.#phase = "closed";
    clearTimeout(this.#helloTimer);
    this.#window.forget(this);
    this.#stream.end();
    this.#events.onClose(this, reason);
  }

  #isClosed(): boolean {
    return this.#phase === "closed";
  }

  #receive(line: string): void {
    if (this.#isClosed()) return;
    const message = readMessage(line);
    if (message === undefined) return this.#fail("A line is not a message of this protocol.");
    this.#unansweredPings = 0;
    switch (message.type) {
      case "hello":
        return this.#takeHello(message);
      case "report":
        return this.#takeReport(message.report);
      case "handshakes":
        return this.#takeHandshakes(message.report);
      case "pong":
        return undefined;
    }
  }

  #takeHello(hello: Hello): void {
    const { nodeId, network } = this.node;
    if (this.#phase !== "new") return this.#fail("A second hello.");
    if (hello.nodeId !== nodeId || hello.network !== network)
      return this.#fail("The hello is not of this credential's node.");
    this.#phase = "greeting";
    clearTimeout(this.#helloTimer);
    void this.#welcome(hello).catch(() => this.#fail("The hello could not be recorded."));
  }

  async #welcome(hello: Hello): Promise<void> {
    await this.#events.onHello(this, hello);
    if (this.#isClosed()) return;
    this.#phase = "open";
    const { heartbeatIntervalMs } = this.#options;
    this.#say({ type: "welcome", network: this.node.network, heartbeatIntervalMs });
    this.announce();
  }

  #takeReport(report: EntryReport): void {
    if (this.#phase === "new") return this.#fail("A report before the hello.");
    const relief = this.#events.onReport(this.node, report);
    if (relief !== undefined) void this.#stream.holdUntil(relief);
    if (this.#news.report(report)) this.#window.answered(this);
  }

  /** What comes before the last one was taken is the same again, or of a node that keeps no order: it will be said once more. */
  #takeHandshakes(report: HandshakeReport): void {
    if (this.#phase !== "open") return this.#fail("Handshakes before the welcome.");
    if (this.#isTakingHandshakes) return;
    this.#isTakingHandshakes = true;
    this.#events.onHandshakes(this, report);
  }
}

function readMessage(line: string): NodeMessage | undefined {
  try {
    return nodeMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
