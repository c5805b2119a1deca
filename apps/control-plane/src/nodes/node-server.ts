import { once } from "node:events";
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { caNamesHeader, cutOffHeader, handshakesHeader, type NodeRefusal, readCaNames } from "@tcm/api-contract";
import type { FastifyBaseLogger } from "fastify";
import type { UnixMillis } from "@tcm/core";
import type { NodeAuthorities } from "../keys/node-authorities.ts";
import { urlHost } from "../keys/node-port-certificate.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { nodesChanged } from "../operations/activations/nodes-changed.ts";
import { recordSeen, type SaidOfItself } from "../operations/activations/record-reports.ts";
import { refuse, refuseNode } from "./answer-node.ts";
import { type AuthenticatePeer, peerAuthentication } from "./authenticate-peer.ts";
import { answerCertificates } from "./certificates-endpoint.ts";
import { endExpired, endUnwanted } from "./end-unwanted.ts";
import { boundHandshakes, maxHandshakes } from "./handshakes-under-way.ts";
import { type Enrolments, openEnrolments, openRenewals, type Renewals } from "./enrolment-endpoint.ts";
import type { SessionTable } from "./fleet.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import { type Connections, watchConnections } from "./node-connections.ts";
import { isEveryAddress, nodePortTls, ownNames, renewedCertificate } from "./node-port-tls.ts";
import { NodeSession } from "./node-session.ts";
import { NodeStream } from "./node-stream.ts";
import { comeBackMs, sessionEvents } from "./session-events.ts";

/** Where nodes connect. */
export type NodeServer = {
  readonly port: number;
  /** From this machine. */
  readonly localUrl: string;
  /** By each of the names that nodes have for it. */
  readonly urls: readonly string[];
  isListening(): boolean;
  /** Reports that are not in the store yet. */
  reportsWaiting(): number;
  close(): Promise<void>;
};

export type NodeServerOptions = {
  readonly context: DeploymentContext;
  readonly fleet: SessionTable;
  readonly manifest: ManifestCache;
  readonly authorities: NodeAuthorities;
  readonly signingKeys: SigningKeys;
  readonly log: FastifyBaseLogger;
  /** Default: 127.0.0.1. */
  readonly address?: string | undefined;
  readonly port: number;
  /** Names and addresses by which nodes reach the control planes of this store, this one among them. */
  readonly hosts?: readonly string[] | undefined;
  readonly heartbeatIntervalMs: number;
  readonly certificateLifetimeMs: number;
};

const helloTimeoutMs = 10_000;
const handshakeTimeoutMs = 10_000;
const idleMs = 60_000;
/** A signal between processes may get lost: then it is looked at this often. */
const beatsBetweenLooks = 6;

/**
 * Listens for nodes, by mutual TLS 1.3 alone. TLS asks for a certificate and proves that the peer has its key; whose it is, and
 * whether it is good, is for `readPeer` and the store to say, on every connection and every request.
 */
export async function openNodeServer(options: NodeServerOptions): Promise<NodeServer> {
  const { context, fleet, log, address = "127.0.0.1" } = options;
  const certificate = renewedCertificate(
    options.authorities.nodePort,
    [...(options.hosts ?? []), ...ownNames(address)],
    context.clock,
  );
  const server = createSecureServer({
    ...nodePortTls,
    ...certificate.current(),
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeTimeoutMs,
    maxSessionMemory: 32,
    settings: { maxConcurrentStreams: 16 },
  });
  boundHandshakes(server, maxHandshakes, () => performance.now());
  const events = sessionEvents(options);
  const enrolments = openEnrolments(options, () => urls);
  const renewals = openRenewals(options);
  const connections = watchConnections(server, options.authorities, context.clock);
  const authenticate = peerAuthentication(options);
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => stream.destroy());
    void serve(stream, headers, { options, events, enrolments, renewals, connections, authenticate }).catch(
      (error: unknown) => {
        log.error({ err: error }, "node request failed");
        stream.destroy();
      },
    );
  });
  // Heartbeats keep a session of ours busy; what is silent for this long has gone, or never showed a certificate.
  server.setTimeout(Math.max(idleMs, 4 * options.heartbeatIntervalMs));
  const port = await listen(server, options.port, address);
  const localUrl = `https://${urlHost(isEveryAddress(address) ? "127.0.0.1" : address)}:${port}`;
  const urls = options.hosts?.length ? options.hosts.map((host) => `https://${urlHost(host)}:${port}`) : [localUrl];
  const look = (): void =>
    void endUnwanted(fleet, context.store.db, context.controlPlaneId).catch((error: unknown) =>
      log.error({ err: error }, "it could not be seen which nodes are still wanted"),
    );
  const stopListening = context.store.signals.listen((signal) => {
    if (signal === nodesChanged) look();
  });
  let beats = 0;
  const heartbeat = setInterval(() => {
    if (certificate.isDue()) server.setSecureContext({ ...nodePortTls, ...certificate.current() });
    beat(options);
    if (++beats % beatsBetweenLooks === 0) look();
  }, options.heartbeatIntervalMs);
  return {
    port,
    localUrl,
    urls,
    isListening: () => server.listening,
    reportsWaiting: () => events.queue.depth(),
    close: async () => {
      clearInterval(heartbeat);
      stopListening();
      for (const session of fleet.sessions()) session.end("The control plane is stopping.", comeBackMs);
      await events.queue.idle();
      await events.handshakes.idle();
      const closed = once(server, "close");
      server.close();
      for (const connection of connections.all()) connection.destroy();
      await closed;
      await events.goodbyes();
    },
  };
}

async function listen(server: Http2SecureServer, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

type RequestHeaders = IncomingHttpHeaders & {
  readonly ":path"?: string | undefined;
  readonly ":method"?: string | undefined;
};

type Serving = {
  readonly options: NodeServerOptions;
  readonly events: ReturnType<typeof sessionEvents>;
  readonly enrolments: Enrolments;
  readonly renewals: Renewals;
  readonly connections: Connections;
  readonly authenticate: AuthenticatePeer;
};

async function serve(stream: ServerHttp2Stream, headers: RequestHeaders, serving: Serving): Promise<void> {
  const { options, events, enrolments, renewals, connections } = serving;
  const path = headers[":path"];
  if (path === "/node/v1/enrolment" && headers[":method"] === "POST") return enrolments.answer(stream);
  const node = await serving.authenticate(connections.peerOf(connectionOf(stream)));
  if (stream.destroyed) return;
  if (typeof node === "string") return turnAway(stream, node, serving);
  if (headers[":method"] !== "POST") return refuse(stream, 405);
  switch (path) {
    case "/node/v1/session":
      stream.respond({
        ":status": 200,
        "content-type": "application/x-ndjson",
        [handshakesHeader]: "1",
        [cutOffHeader]: "1",
      });
      return new NodeSession(
        { ...options, node: { ...node, ...saidOfItself(headers) }, stream: new NodeStream(stream), helloTimeoutMs },
        events,
      ).start();
    case "/node/v1/certificates":
      return answerCertificates(stream, node, options.context.store, options.manifest);
    case "/node/v1/renewal":
      return renewals.answer(stream, node);
    default:
      return refuse(stream, 404);
  }
}

/** It gets its answer, and a new connection if it wants to ask again. */
function turnAway(stream: ServerHttp2Stream, code: NodeRefusal["code"], { connections }: Serving): void {
  const connection = connectionOf(stream);
  refuseNode(stream, code);
  if (connection === undefined) return;
  connections.estrange(connection, code);
  connection.close();
}

function connectionOf({ session }: ServerHttp2Stream): ServerHttp2Session | undefined {
  return session as ServerHttp2Session | undefined;
}

function saidOfItself(headers: RequestHeaders): SaidOfItself {
  return { clockSkewSeconds: clockSkew(headers), sendsCaNames: readCaNames(headers[caNamesHeader]) };
}

/** How far the node's clock is ahead, by the date that it says; null: it does not say. In real time, as the node's is. */
function clockSkew({ date }: RequestHeaders): number | null {
  const at: UnixMillis = Date.parse(date ?? "");
  return Number.isNaN(at) ? null : Math.round((at - Date.now()) / 1_000);
}

function beat({ context, fleet, log }: NodeServerOptions): void {
  endExpired(fleet, context.clock());
  const sessions = fleet.sessions();
  for (const session of sessions) session.ping();
  recordSeen(
    context,
    sessions.map(({ node }) => node.nodeId),
  ).catch((error: unknown) => log.error({ err: error }, "last contact of nodes could not be recorded"));
}
