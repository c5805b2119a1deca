/** What anybody who connects may cost the edge. */
export type EdgeLimits = {
  readonly handshakeTimeoutMs: number;
  /** From the first byte of a request, or the end of the handshake, to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** Between two bytes, in either direction, while a request is served. */
  readonly requestIdleTimeoutMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveTimeoutMs: number;
  readonly upstreamTimeoutMs: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** Per IPv4 address or IPv6 /64. */
  readonly maxConnectionsPerAddress: number;
  /**
   * Of those, connections whose client was not accepted: in their handshake, refused, or with a silent client. Each may hold 1.3 MB while
   * what it presents is decoded.
   */
  readonly maxUnacceptedConnections: number;
  /** Of those, per IPv4 address or IPv6 /64: nobody takes the room of everybody. */
  readonly maxUnacceptedPerAddress: number;
  /**
   * Where either is reached, one that was not accepted for as long makes room for whoever comes: longer than as many handshakes take that
   * are all under way, about half a second at a thousand a second (bench/edge-handshakes). One of an address with more makes it at once.
   */
  readonly unacceptedPatienceMs: number;
  /** Requests that wait for an upstream, each with a socket of its own. */
  readonly maxUpstreamRequests: number;
  /** How long a request in flight may go on once its client is no longer accepted. */
  readonly graceMs: number;
  /** How often live connections are checked again for paths that have run out. */
  readonly recheckIntervalMs: number;
  readonly maxCounters: number;
};

export const edgeLimits: EdgeLimits = {
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  requestIdleTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  upstreamTimeoutMs: 30_000,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  maxUnacceptedConnections: 512,
  maxUnacceptedPerAddress: 256,
  unacceptedPatienceMs: 1_000,
  maxUpstreamRequests: 4_000,
  graceMs: 2_000,
  recheckIntervalMs: 30_000,
  maxCounters: 10_000,
};
