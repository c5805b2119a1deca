import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { once } from "node:events";
import { type HandshakeReport, handshakesHeader } from "@tcm/api-contract";
import type { FastifyBaseLogger } from "fastify";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { type AuthenticatedNode, authenticateNode } from "../operations/enrol-node.ts";
import { recordHandshakes } from "../operations/record-handshakes.ts";
import {
  type NodeReport,
  recordGoodbye,
  recordHello,
  recordReports,
  recordSeen,
} from "../operations/record-reports.ts";
import { answerCertificates } from "./certificates-endpoint.ts";
import type { SessionTable } from "./fleet.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import { type NodeSession, openNodeSession, type SessionEvents } from "./node-session.ts";
import { reportQueue } from "./report-queue.ts";

/** Where nodes connect. */
export type NodeServer = {
  readonly port: number;
  isListening(): boolean;
  /** Reports that are not in the store yet. */
  reportsWaiting(): number;
  close(): Promise<void>;
};

export type NodeServerOptions = {
  readonly context: DeploymentContext;
  readonly fleet: SessionTable;
  readonly manifest: ManifestCache;
  readonly log: FastifyBaseLogger;
  readonly port: number;
  readonly heartbeatIntervalMs: number;
};

const helloTimeoutMs = 10_000;
const idleMs = 60_000;
/** A restarting control plane is back within seconds. */
const comeBackMs = 500;
/** Nothing is lost meanwhile, and a store that fails is not to be asked at once by everybody. */
const handshakeRetryMs = 5_000;

/** Listens on loopback, without TLS: nodes on other machines will come by mutual TLS. */
export async function openNodeServer(options: NodeServerOptions): Promise<NodeServer> {
  const server = createServer({ maxSessionMemory: 32, settings: { maxConcurrentStreams: 16 } });
  const events = sessionEvents(options);
  server.on("session", (session) => {
    connections.add(session);
    session.once("close", () => connections.delete(session));
    session.on("error", () => session.destroy());
  });
  const connections = new Set<{ destroy(): void }>();
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => stream.destroy());
    void serve(stream, headers, options, events).catch((error: unknown) => {
      options.log.error({ err: error }, "node request failed");
      stream.destroy();
    });
  });
  // Heartbeats keep a session of ours busy; what is silent for this long has gone, or never showed a credential.
  server.setTimeout(Math.max(idleMs, 4 * options.heartbeatIntervalMs));
  const port = await listen(server, options.port);
  const heartbeat = setInterval(() => beat(options), options.heartbeatIntervalMs);
  return {
    port,
    isListening: () => server.listening,
    reportsWaiting: () => events.queue.depth(),
    close: async () => {
      clearInterval(heartbeat);
      for (const session of options.fleet.sessions()) session.end("The control plane is stopping.", comeBackMs);
      await events.queue.idle();
      await events.handshakes.idle();
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
      await events.goodbyes();
    },
  };
}

async function listen(server: Http2Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function sessionEvents({ context, fleet, manifest, log }: NodeServerOptions) {
  const queue = reportQueue<NodeReport>(
    (reports) => recordReports(context, reports),
    (error, reports) => {
      log.error({ err: error }, "reports of nodes could not be recorded");
      // Their next hello says it all again.
      const nodes = new Set(reports.map(({ node }) => node.nodeId));
      for (const session of fleet.sessions())
        if (nodes.has(session.node.nodeId)) session.end("Reports were lost.", comeBackMs);
    },
  );
  const handshakes = handshakeQueue(context, log);
  let goodbyes = Promise.resolve();
  const events: SessionEvents = {
    onHello: async (session, hello) => {
      await queue.idle();
      await recordHello(context, session.node, hello);
      // The node may come from another process that knew of a change before this one: it must not be told what was before it.
      await manifest.refresh(session.node.network);
      fleet.add(session);
      log.info({ nodeId: session.node.nodeId, engine: hello.engine, entries: hello.entries.length }, "node connected");
    },
    onReport: (node, report) => {
      // A thousand nodes say three things each about every change: the store has it all.
      const level = report.state === "rejected" ? "warn" : "debug";
      const { entryId, generation, state, rejection } = report;
      log[level]({ nodeId: node.nodeId, entryId, generation, state, rejection }, "node report");
      queue.push({ node, report });
    },
    onHandshakes: (session, report) => handshakes.push({ session, report }),
    onClose: (session, reason) => {
      fleet.remove(session);
      log.info({ nodeId: session.node.nodeId, reason }, "node disconnected");
      goodbyes = goodbyes
        .then(() => recordGoodbye(context, session.node))
        .catch((error: unknown) => log.error({ err: error }, "the end of a session could not be recorded"));
    },
  };
  return { ...events, queue, handshakes, goodbyes: () => goodbyes };
}

type SaidHandshakes = { readonly session: NodeSession; readonly report: HandshakeReport };

/** A node hears that its report was taken once it is on disk; until then it has it, and says it again in its next session. */
function handshakeQueue(context: DeploymentContext, log: FastifyBaseLogger) {
  return reportQueue<SaidHandshakes>(
    async (said) => {
      await recordHandshakes(
        context,
        said.map(({ session: { node }, report }) => ({ node, report })),
      );
      for (const { session, report } of said) session.handshakesTaken(report);
    },
    (error, said) => {
      log.error({ err: error }, "handshakes that nodes saw could not be recorded");
      for (const { session } of said) session.end("Handshakes could not be recorded.", handshakeRetryMs);
    },
  );
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders & { readonly ":path"?: string | undefined; readonly ":method"?: string | undefined },
  options: NodeServerOptions,
  events: SessionEvents,
): Promise<void> {
  const node = await authenticate(headers, options.context);
  if (stream.destroyed) return;
  if (node === undefined) return refuse(stream, 401);
  if (headers[":method"] !== "POST") return refuse(stream, 405);
  switch (headers[":path"]) {
    case "/node/v1/session":
      stream.respond({ ":status": 200, "content-type": "application/x-ndjson", [handshakesHeader]: "1" });
      return openNodeSession(stream, node, { ...options, helloTimeoutMs }, events);
    case "/node/v1/certificates":
      return answerCertificates(stream, node, options.context.store, options.manifest);
    default:
      return refuse(stream, 404);
  }
}

async function authenticate(
  headers: IncomingHttpHeaders,
  { store }: DeploymentContext,
): Promise<AuthenticatedNode | undefined> {
  const credential = /^Bearer ([A-Za-z0-9_-]{1,200})$/.exec(headers.authorization ?? "")?.[1];
  const nodeId = headers["x-node-id"];
  if (credential === undefined || typeof nodeId !== "string" || nodeId.length > 63) return undefined;
  return authenticateNode(store.db, nodeId, credential);
}

export function refuse(stream: ServerHttp2Stream, status: number): void {
  stream.respond({ ":status": status }, { endStream: true });
}

function beat({ context, fleet, log }: NodeServerOptions): void {
  const sessions = fleet.sessions();
  for (const session of sessions) session.ping();
  recordSeen(
    context,
    sessions.map(({ node }) => node.nodeId),
  ).catch((error: unknown) => log.error({ err: error }, "last contact of nodes could not be recorded"));
}
