import type { CryptoPort, Network, UnixMillis } from "@tcm/core";
import type { EdgeEngine } from "../edge-engine.ts";
import type { SeenHandshake } from "../handshakes/handshake-table.ts";
import type { EdgeLimits } from "./edge-limits.ts";
import type { EdgeLog } from "./edge-log.ts";
import type { HandshakeCount } from "./handshake-counters.ts";
import type { ServerCertificates } from "./server-certificate.ts";

/** Everything the built-in edge needs, handed in. */
export type BuiltInEdgeOptions = {
  readonly network: Network;
  readonly host: string;
  /** 0: any free one; `address` tells which. */
  readonly port: number;
  /** The product's version, for `description`. */
  readonly version: string;
  readonly crypto: CryptoPort;
  readonly clock: () => UnixMillis;
  readonly log: EdgeLog;
  readonly limits: EdgeLimits;
  readonly serverCertificates: ServerCertificates;
  /**
   * Hostname, or its wildcard, to the origin that its requests go to: `http:` or `https:`, without path, query or
   * credentials. Hostnames that are not here answer themselves.
   */
  readonly upstreams: ReadonlyMap<string, URL>;
  /** Told of every handshake after which there was a verdict, for whoever keeps account of them. */
  readonly onHandshake?: ((seen: SeenHandshake) => void) | undefined;
};

/** The edge of our own: an mTLS terminator and reverse proxy on node:tls. Opened by `openBuiltInEdge(options)`. */
export type BuiltInEdge = EdgeEngine & {
  /** Where it listens. */
  readonly address: { readonly host: string; readonly port: number };
  counters(): readonly HandshakeCount[];
};
