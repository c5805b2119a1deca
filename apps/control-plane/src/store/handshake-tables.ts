import type { Flag, NetworkName, Timestamp } from "./column-types.ts";

/** How many handshakes ended alike in one bucket of time. Five-minute rows are a node's, hour rows a network's. */
export type HandshakeCountsTable = {
  network: NetworkName;
  ca_set_id: number;
  bucket_seconds: number;
  /** Start of the bucket. */
  bucket_at: Timestamp;
  /** Empty once the rows of all nodes are summed up. */
  node_id: string;
  /** Of the content that decided; 0 when the set was not served. */
  version: number;
  /** Of the entry that decided: with `removed-anchor`, the generation that took the anchor away. */
  epoch: number;
  generation: number;
  /** SHA-256 of the certificate; empty when none accepted, nor had before. */
  anchor: string;
  outcome: "accepted" | "refused" | "removed-anchor" | "failed";
  /** Empty when accepted. */
  reason: string;
  count: number;
  last_seen_at: Timestamp;
};

/** Of which there is one row each. */
export const handshakeCountKey = [
  "network",
  "ca_set_id",
  "bucket_seconds",
  "bucket_at",
  "node_id",
  "version",
  "epoch",
  "generation",
  "anchor",
  "outcome",
  "reason",
] as const satisfies readonly (keyof HandshakeCountsTable)[];

/** Kept longer than counts: when an anchor last let somebody in. */
export type HandshakeAnchorsTable = {
  network: NetworkName;
  ca_set_id: number;
  anchor: string;
  last_accepted_at: Timestamp;
};

/** The clients seen last, so many of each set and network. */
export type HandshakeClientsTable = {
  network: NetworkName;
  ca_set_id: number;
  /** SHA-256 of the client's certificate. */
  fingerprint: string;
  anchor: string;
  not_after: Timestamp;
  last_seen_at: Timestamp;
};

/** Clients that would have been let in by what a generation took away, each once a node. */
export type HandshakeCutOffTable = {
  network: NetworkName;
  ca_set_id: number;
  epoch: number;
  generation: number;
  /** SHA-256 of the client's certificate. */
  fingerprint: string;
  node_id: string;
  /** 1: the client has shown that it holds the key. */
  is_proved: Flag;
  last_seen_at: Timestamp;
};

/** What was taken last from each node, so that nothing is counted twice. */
export type HandshakeReportsTable = {
  node_id: string;
  /** One run of the node's process. */
  stream: string;
  sequence: number;
  /** Handshakes that the node saw and could not keep count of, over all of its runs. */
  lost: number;
  reported_at: Timestamp;
};
