import type { NetworkName, Timestamp } from "./column-types.ts";

/** Everything that was ever enrolled and not removed. */
export type EdgeNodesTable = {
  id: string;
  network: NetworkName;
  engine: string;
  engine_version: string;
  highest_level: "applied" | "verified";
  address: string;
  /** Of the shared secret that nodes had before certificates. Read by nothing: goes with the next release. */
  credential_hash: string;
  /** Random, in the node's certificates; a node that joins anew has another. null: it has to join with a certificate. */
  enrolment_id: string | null;
  /** Of the newest certificate that it was given. */
  certificate_not_after: Timestamp | null;
  /** SHA-256 of that one; null: not known, as after a join or an upgrade. */
  newest_certificate: string | null;
  /** Its end. Not that of `certificate_not_after`: a program from before there was a record of it gave a newer one since. */
  newest_not_after: Timestamp | null;
  /** The latest end of any that it was given since it joined; null: not known, it is at least that of `certificate_not_after`. */
  latest_not_after: Timestamp | null;
  /** SHA-256 of the one that the node showed to get it. */
  certificate_before: string | null;
  /** When the node showed its newest one first. */
  newest_shown_at: Timestamp | null;
  /** JSON: the entries whose CAs its listeners name to clients, or "every"; null: the node does not say. */
  sends_ca_names: string | null;
  /** How far the node's clock was ahead of ours when it connected last. */
  clock_skew_seconds: number | null;
  created_at: Timestamp;
  last_seen_at: Timestamp | null;
  drained_at: Timestamp | null;
  /** The control plane process that holds its session, which may have died without a word: see `last_seen_at`. */
  connected_to: string | null;
};

/** CAs of our own: those of the nodes, one a network, and the one of what nodes connect to. */
export type NodeAuthoritiesTable = {
  name: NetworkName | "NODE_PORT";
  certificate: string;
  /** AES-256-GCM under the operator key. */
  private_key_sealed: string;
  created_at: Timestamp;
};

/** Those not used yet; a row is deleted by its use. */
export type JoinTokensTable = {
  /** SHA-256 of the secret, lower-case hex. */
  token_hash: string;
  network: NetworkName;
  engine: string;
  /** null: the node gets a new name. */
  node_id: string | null;
  created_at: Timestamp;
  created_by: string;
  expires_at: Timestamp;
};

/** The last state that a node reported of an entry. */
export type NodeEntriesTable = {
  node_id: string;
  entry_id: string;
  epoch: number;
  generation: number;
  digest: string;
  state: "delivered" | "applied" | "verified" | "rejected";
  code: string | null;
  detail: string | null;
  updated_at: Timestamp;
};
