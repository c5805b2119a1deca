/** How much work one verification may cause; each has its own `budget-…` code. */
export type PathLimits = {
  /** Signature verifications. webpki and Go stop at 100 too. */
  readonly signatures: number;
  /** Sum of their costs, P-256 = 1: 100 P-384 verifications would take a second. */
  readonly cost: number;
  /** Candidates looked at, not paths: counting paths alone let 100 same-named CAs run for ten seconds. */
  readonly steps: number;
  /** Pairs of a name and a constraint. webpki: 250,000. */
  readonly nameComparisons: number;
  /** Certificates in a path, leaf and anchor included. webpki: 6 intermediates. */
  readonly depth: number;
  /** Certificates a peer may present, its own included. BetterTLS presents 36 where every path has to be tried. */
  readonly presented: number;
  /** Bytes of all of them. OpenSSL stops reading a peer's certificates at 100 kB. */
  readonly presentedBytes: number;
};

export const pathLimits: PathLimits = {
  signatures: 100,
  cost: 400,
  steps: 5_000,
  nameComparisons: 50_000,
  depth: 8,
  presented: 64,
  presentedBytes: 128 * 1024,
};

/**
 * A handshake is decided on the edge's event loop, for anybody who connects. Decoding 90 kB of names takes 30 ms and keeps 4 MB;
 * chains in use, those with five keys of ML-DSA-65 included, fit into a third of that.
 */
export const edgePathLimits: PathLimits = {
  ...pathLimits,
  signatures: 20,
  cost: 100,
  steps: 500,
  presented: 10,
  presentedBytes: 32 * 1024,
};
