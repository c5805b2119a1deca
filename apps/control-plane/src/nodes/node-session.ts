import type { ServerHttp2Stream } from "node:http2";
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
import { lineReader } from "./line-reader.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { ConnectedNode } from "./node-peer.ts";
import { Unanswered } from "./unanswered.ts";

export type SessionNode = ConnectedNode & SaidOfItself;

/** One node's open stream. */
export type NodeSession = {
  readonly node: SessionNode;
  /** Has the node told what has changed since it was told last, when its turn comes. */
  announce(): void;
  /** For the window: tells it now. False: there is nothing that the node has not answered. */
  tell(): boolean;
  /** Asks for a sign of life; ends the session when the last ones stayed unanswered. */
  ping(): void;
  /** The report is on disk: the node may send the next. */
  handshakesTaken(report: Pick<HandshakeReport, "stream" | "sequence">): void;
  /** `retryAfterMs`: when the node should come back. */
  end(reason: string, retryAfterMs: number): void;
};

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
  readonly manifest: ManifestCache;
  readonly fleet: { windowOf(network: Network): AnnouncementWindow<NodeSession> };
  readonly heartbeatIntervalMs: number;
  readonly helloTimeoutMs: number;
};

/** An announcement is split into lines of about this size: a node never buffers a whole manifest as one line. */
const announcementBytes = 128 * 1024;
const maxUnansweredPings = 3;
const lastWordsMs = 2_000;

/** Speaks `node-protocol.ts` on a stream whose node has shown its credential. */
export function openNodeSession(
  stream: ServerHttp2Stream,
  node: SessionNode,
  options: SessionOptions,
  events: SessionEvents,
): void {
  let phase: "new" | "greeting" | "open" | "closed" = "new";
  let announcedUpTo = 0;
  let signedBy: string | undefined;
  let isComplete = false;
  let isBlocked = false;
  let unansweredPings = 0;
  let isHeld = false;
  let isTakingHandshakes = false;
  const unanswered = new Unanswered();
  const window = options.fleet.windowOf(node.network);

  const write = (line: string): void => {
    if (phase !== "closed" && !stream.write(`${line}\n`)) isBlocked = true;
  };
  /** Before anything under another key; then everything once more under that. */
  const sayWhoSigns = (): void => {
    const keyId = options.manifest.keyId(node.network);
    if (keyId === signedBy) return;
    signedBy = keyId;
    announcedUpTo = 0;
    const line = options.manifest.successorsLine(node.network);
    if (line !== undefined) write(line);
  };
  const say = (message: ControlPlaneMessage): void => write(JSON.stringify(message));
  const close = (reason: string): void => {
    if (phase === "closed") return;
    phase = "closed";
    clearTimeout(helloTimer);
    window.forget(session);
    endStream(stream);
    events.onClose(session, reason);
  };
  const fail = (reason: string): void => session.end(reason, 5_000);
  const helloTimer = setTimeout(() => fail("No hello in time."), options.helloTimeoutMs);

  const session: NodeSession = {
    node,
    announce: () => {
      if (canBeTold() && hasNews()) window.enter(session);
    },
    tell: () => {
      if (canBeTold()) tellNews();
      return !unanswered.isEmpty;
    },
    ping: () => {
      // A node that is held cannot be heard.
      if (phase !== "open" || isHeld) return;
      if (unansweredPings >= maxUnansweredPings) return fail("No sign of life.");
      unansweredPings += 1;
      say({ type: "ping" });
    },
    handshakesTaken: (report) => {
      isTakingHandshakes = false;
      say({ type: "handshakes-taken", stream: report.stream, sequence: report.sequence });
    },
    end: (reason, retryAfterMs) => {
      say({ type: "goodbye", reason, retryAfterMs });
      close(reason);
    },
  };

  /** What changes while the node does not read is told in one go when it does. */
  const canBeTold = (): boolean => phase === "open" && !isBlocked;
  const news = () => options.manifest.entriesAfter(node, announcedUpTo);
  const hasNews = (): boolean => !isComplete || options.manifest.keyId(node.network) !== signedBy || news().length > 0;
  const tellNews = (): void => {
    sayWhoSigns();
    const entries = news();
    announcedUpTo = entries.at(-1)?.entry.generation.number ?? announcedUpTo;
    if (entries.length === 0 && isComplete) return;
    unanswered.told(entries.map(({ entry }) => entry));
    const lines = announcementLines(node.nodeId, entries, options.manifest, !isComplete);
    isComplete = true;
    for (const line of lines) write(line);
  };

  const greet = async (hello: Hello): Promise<void> => {
    if (hello.nodeId !== node.nodeId || hello.network !== node.network)
      return fail("The hello is not of this credential's node.");
    phase = "greeting";
    clearTimeout(helloTimer);
    await events.onHello(session, hello);
    if (isClosed()) return;
    phase = "open";
    say({ type: "welcome", network: node.network, heartbeatIntervalMs: options.heartbeatIntervalMs });
    session.announce();
  };
  const isClosed = (): boolean => phase === "closed";

  const receive = (line: string): void => {
    if (phase === "closed") return;
    const message = readMessage(line);
    if (message === undefined) return fail("A line is not a message of this protocol.");
    unansweredPings = 0;
    if (message.type === "pong") return;
    if (message.type === "report") return takeReport(message.report);
    if (message.type === "handshakes") return takeHandshakes(message.report);
    if (phase !== "new") return fail("A second hello.");
    void greet(message).catch(() => fail("The hello could not be recorded."));
  };

  const takeReport = (report: EntryReport): void => {
    if (phase === "new") return fail("A report before the hello.");
    const relief = events.onReport(node, report);
    if (relief !== undefined && !isHeld) void holdUntil(relief);
    if (unanswered.report(report)) window.answered(session);
  };

  /** What the node says meanwhile waits at its end of the connection. */
  const holdUntil = async (relief: Promise<void>): Promise<void> => {
    isHeld = true;
    stream.pause();
    await relief;
    isHeld = false;
    stream.resume();
  };

  /** What comes before the last one was taken is the same again, or of a node that keeps no order: it will be said once more. */
  const takeHandshakes = (report: HandshakeReport): void => {
    if (phase !== "open") return fail("Handshakes before the welcome.");
    if (isTakingHandshakes) return;
    isTakingHandshakes = true;
    events.onHandshakes(session, report);
  };

  const lines = lineReader(maxNodeLineBytes, receive);
  stream.on("data", (chunk: Buffer) => {
    if (phase !== "closed" && !lines.push(chunk)) fail(`A line is longer than ${maxNodeLineBytes} bytes.`);
  });
  stream.on("drain", () => {
    isBlocked = false;
    session.announce();
  });
  stream.on("error", () => close("The stream broke."));
  stream.on("close", () => close("The connection ended."));
}

/** What was said goes out, and the stream is closed whatever the node does: one that does not read holds nothing for long. */
function endStream(stream: ServerHttp2Stream): void {
  const lastWords = setTimeout(() => stream.destroy(), lastWordsMs).unref();
  stream.once("close", () => clearTimeout(lastWords));
  stream.end(() => stream.close());
}

function readMessage(line: string): NodeMessage | undefined {
  try {
    return nodeMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** At least one line when `complete` is to be said, also for a network without entries. */
function announcementLines(
  nodeId: string,
  entries: ReturnType<ManifestCache["entriesAfter"]>,
  manifest: ManifestCache,
  complete: boolean,
): readonly string[] {
  const groups: string[][] = [[]];
  let bytes = 0;
  for (const entry of entries) {
    const json = manifest.signFor(nodeId, entry);
    if (bytes > 0 && bytes + json.length > announcementBytes) {
      groups.push([]);
      bytes = 0;
    }
    bytes += json.length;
    groups.at(-1)?.push(json);
  }
  return groups.map((group, i) => {
    const isLast = complete && i === groups.length - 1;
    return `{"type":"announce","complete":${isLast},"entries":[${group.join(",")}]}`;
  });
}
