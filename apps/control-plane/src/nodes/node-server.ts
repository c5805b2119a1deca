import { once } from "node:events";
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from "node:http2";
import type { FastifyBaseLogger } from "fastify";
import type { NodeAuthorities } from "../keys/node-authorities.ts";
import { urlHost } from "../keys/node-port-certificate.ts";
import type { SigningKeys } from "../keys/signing-keys.ts";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import type { SessionTable } from "./session-table.ts";
import { boundHandshakes, maxHandshakes } from "./handshakes-under-way.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import { watchConnections } from "./node-connections.ts";
import { isEveryAddress, nodePortTls, ownNames, renewedCertificate } from "./node-port-tls.ts";
import { NodeRequests } from "./node-requests.ts";
import { comeBackMs, sessionEvents } from "./session-events.ts";
import { keepSessions } from "./session-upkeep.ts";

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

const loopback = "127.0.0.1";
const handshakeTimeoutMs = 10_000;
const idleMs = 60_000;

/**
 * Listens for nodes, by mutual TLS 1.3 alone. TLS asks for a certificate and proves that the peer has its key; whose it is, and
 * whether it is good, is for `readPeer` and the store to say, on every connection and every request.
 */
export async function openNodeServer(options: NodeServerOptions): Promise<NodeServer> {
  const { context, authorities, fleet, log, address = loopback, hosts = [], heartbeatIntervalMs } = options;
  const certificate = renewedCertificate(authorities.nodePort, [...hosts, ...ownNames(address)], context.clock);
  const server = createServer(certificate.current(), heartbeatIntervalMs);
  const connections = watchConnections(server, authorities, context.clock);
  const events = sessionEvents(options);
  const requests = new NodeRequests(options, { events, connections, urls: () => urls });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => stream.destroy());
    requests.answer(stream, headers).catch((error: unknown) => {
      log.error({ err: error }, "node request failed");
      stream.destroy();
    });
  });
  const port = await listen(server, options.port, address);
  const localUrl = urlOf(isEveryAddress(address) ? loopback : address, port);
  const urls = hosts.length > 0 ? hosts.map((host) => urlOf(host, port)) : [localUrl];
  const renewCertificate = (): void => {
    if (certificate.isDue()) server.setSecureContext({ ...nodePortTls, ...certificate.current() });
  };
  const upkeep = keepSessions({ context, fleet, log, heartbeatIntervalMs, onBeat: renewCertificate });
  const close = async (): Promise<void> => {
    upkeep.stop();
    for (const session of fleet.sessions()) session.end("The control plane is stopping.", comeBackMs);
    await events.queue.idle();
    await events.handshakes.idle();
    const closed = once(server, "close");
    server.close();
    for (const connection of connections.all()) connection.destroy();
    await closed;
    await events.goodbyes();
  };
  const isListening = (): boolean => server.listening;
  return { port, localUrl, urls, isListening, reportsWaiting: () => events.queue.depth(), close };
}

function createServer(
  certificate: { readonly cert: string; readonly key: string },
  heartbeatIntervalMs: number,
): Http2SecureServer {
  const server = createSecureServer({
    ...nodePortTls,
    ...certificate,
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeTimeoutMs,
    maxSessionMemory: 32,
    settings: { maxConcurrentStreams: 16 },
  });
  boundHandshakes(server, maxHandshakes, () => performance.now());
  // Heartbeats keep a session of ours busy; what is silent for this long has gone, or never showed a certificate.
  server.setTimeout(Math.max(idleMs, 4 * heartbeatIntervalMs));
  return server;
}

function urlOf(host: string, port: number): string {
  return `https://${urlHost(host)}:${port}`;
}

async function listen(server: Http2SecureServer, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
