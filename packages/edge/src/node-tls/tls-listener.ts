import { createServer, type Server } from "node:https";
import type { RequestListener } from "node:http";
import type { SecureContext } from "node:tls";
import { ConnectionCaps } from "./connection-caps.ts";
import type { EdgeLimits } from "./edge-limits.ts";
import { tlsPolicy } from "./tls-policy.ts";

export type TlsListenerOptions = {
  readonly limits: EdgeLimits;
  /** undefined: the name is not served, and the handshake fails. */
  readonly contextFor: (serverName: string) => SecureContext | undefined;
  readonly onRequest: RequestListener;
};

export type TlsListener = { readonly server: Server; readonly caps: ConnectionCaps };

/**
 * An HTTP/1.1 server that asks every client for a certificate and judges none. It has no server certificate of its own, so
 * that a handshake without a server name, or with one that is not served, ends in the alert handshake_failure. `ca` is
 * empty and never left out: `undefined` or '' would be the public roots (edges.md §0).
 */
export function createTlsListener({ limits, contextFor, onRequest }: TlsListenerOptions): TlsListener {
  const wanted = {
    perAddress: limits.maxConnectionsPerAddress,
    unaccepted: limits.maxUnacceptedConnections,
    unacceptedPerAddress: limits.maxUnacceptedPerAddress,
    // 200 clients a second behind one NAT, at 150 ms a handshake. A flood of addresses that have no more needs sixteen of them.
    few: limits.maxUnacceptedConnections / 16,
    patienceMs: limits.unacceptedPatienceMs,
  };
  const caps = new ConnectionCaps(wanted, () => performance.now());
  const server = createServer({
    ...tlsPolicy,
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
    ALPNProtocols: ["http/1.1"],
    handshakeTimeout: limits.handshakeTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    // How long a body may take is up to the application; how long it may pause is not.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
    maxHeaderSize: limits.maxHeaderBytes,
    insecureHTTPParser: false,
    SNICallback: (serverName, done) => {
      try {
        done(null, contextFor(serverName));
      } catch (error) {
        done(error instanceof Error ? error : new Error("no context"));
      }
    },
  });
  server.timeout = limits.requestIdleTimeoutMs;
  server.maxConnections = limits.maxConnections;
  // Node would drop what comes after the 2,000th without a word; their size is bounded already.
  server.maxHeadersCount = 0;
  server.on("connection", (socket) => void caps.admit(socket));
  server.on("request", onRequest);
  // Node would say "continue" to everybody; a client that is refused need not send its body first.
  server.on("checkContinue", onRequest);
  return { server, caps };
}
