import type { Generated } from "kysely";
import type { Flag, NetworkName, Timestamp } from "./column-types.ts";
import type {
  HandshakeAnchorsTable,
  HandshakeClientsTable,
  HandshakeCountsTable,
  HandshakeCutOffTable,
  HandshakeReportsTable,
} from "./handshake-tables.ts";
import type {
  ApiClientsTable,
  ApiTokensTable,
  AuditHeadsTable,
  AuditRecordsTable,
  EdgegridNoncesTable,
  SessionsTable,
  SignInAttemptsTable,
  SignInLinksTable,
  UsersTable,
} from "./identity-tables.ts";
import type { EdgeNodesTable, JoinTokensTable, NodeAuthoritiesTable, NodeEntriesTable } from "./node-tables.ts";

/**
 * The tables, one type each. Portable to PostgreSQL: times are ISO 8601 text in UTC with microseconds, booleans are
 * 0 or 1, documents are JSON in text, bytes are base64 text.
 */
export type Database = {
  meta: MetaTable;
  certificates: CertificatesTable;
  ca_sets: CaSetsTable;
  ca_set_versions: CaSetVersionsTable;
  certificate_texts: CertificateTextsTable;
  ca_set_version_members: CaSetVersionMembersTable;
  ca_set_networks: CaSetNetworksTable;
  edge_certificates: EdgeCertificatesTable;
  edge_certificate_hostnames: EdgeCertificateHostnamesTable;
  activations: ActivationsTable;
  activation_nodes: ActivationNodesTable;
  activation_pilots: ActivationPilotsTable;
  manifest_entries: ManifestEntriesTable;
  pilot_entries: PilotEntriesTable;
  network_generations: NetworkGenerationsTable;
  signing_keys: SigningKeysTable;
  signing_key_successors: SigningKeySuccessorsTable;
  edge_nodes: EdgeNodesTable;
  node_authorities: NodeAuthoritiesTable;
  join_tokens: JoinTokensTable;
  node_entries: NodeEntriesTable;
  api_tokens: ApiTokensTable;
  activities: ActivitiesTable;
  ca_set_deletions: CaSetDeletionsTable;
  ca_set_deletion_nodes: CaSetDeletionNodesTable;
  events: EventsTable;
  users: UsersTable;
  sessions: SessionsTable;
  sign_in_links: SignInLinksTable;
  sign_in_attempts: SignInAttemptsTable;
  api_clients: ApiClientsTable;
  edgegrid_nonces: EdgegridNoncesTable;
  audit_records: AuditRecordsTable;
  audit_heads: AuditHeadsTable;
  schema_steps: SchemaStepsTable;
  handshake_counts: HandshakeCountsTable;
  handshake_anchors: HandshakeAnchorsTable;
  handshake_clients: HandshakeClientsTable;
  handshake_cut_off: HandshakeCutOffTable;
  handshake_reports: HandshakeReportsTable;
};

/** `account_id`, `schema_epoch` and the like. */
export type MetaTable = { key: string; value: string };

/** Each certificate once, by SHA-256 of its DER. `facts` is the JSON of CertificateFacts, so that lists parse nothing. */
export type CertificatesTable = { fingerprint: string; der: string; facts: string };

export type CaSetsTable = {
  id: Generated<number>;
  name: string;
  description: string | null;
  status: "NOT_DELETED" | "DELETING" | "DELETED";
  /** Set when any version was first activated anywhere: from then on the name stays. */
  name_frozen_at: Timestamp | null;
  /** Highest number ever given to a version; never reused. */
  last_version: number;
  created_at: Timestamp;
  created_by: string;
  modified_at: Timestamp;
  deleted_at: Timestamp | null;
  deleted_by: string | null;
  removal_at: Timestamp | null;
};

export type CaSetVersionsTable = {
  ca_set_id: number;
  version: number;
  description: string | null;
  require_root_certificate: Flag;
  allow_insecure_sha1: Flag;
  allow_duplicate_common_names: Flag;
  status: "NOT_DELETED" | "DELETED";
  /** SHA-256 over what makes two versions equal: the sorted fingerprints and the options. */
  content_digest: string;
  certificate_count: number;
  /** Set by the first activation record of any outcome: from then on the version is immutable. */
  locked_at: Timestamp | null;
  created_at: Timestamp;
  created_by: string;
  modified_at: Timestamp | null;
  modified_by: string | null;
  removal_at: Timestamp | null;
};

/** Each text that was ever submitted for a certificate, once: versions share almost all of theirs. */
export type CertificateTextsTable = {
  id: Generated<number>;
  /** Of the text in UTF-8, lower-case hex. */
  sha256: string;
  /** Of the one certificate in it. */
  fingerprint: string;
  /** Verbatim as submitted: only ever echoed, never served to an edge. */
  pem: string;
};

export type CaSetVersionMembersTable = {
  ca_set_id: number;
  version: number;
  /** Zero-based, in the order submitted. */
  position: number;
  text_id: number;
  description: string | null;
  created_at: Timestamp;
  created_by: string;
};

/** What is active where. A row exists while a version is active on the network. */
export type CaSetNetworksTable = {
  ca_set_id: number;
  network: NetworkName;
  active_version: number;
  activation_id: number;
};

export type EdgeCertificatesTable = {
  id: Generated<number>;
  ca_set_id: number;
  mode: "deny" | "observe";
  send_ca_list_to_client: Flag;
  created_at: Timestamp;
  created_by: string;
  modified_at: Timestamp | null;
  modified_by: string | null;
};

export type EdgeCertificateHostnamesTable = { hostname: string; edge_certificate_id: number };

export type ActivationsTable = {
  id: Generated<number>;
  ca_set_id: number;
  version: number;
  type: "ACTIVATE" | "DEACTIVATE";
  network: NetworkName;
  status: "IN_PROGRESS" | "COMPLETE" | "FAILED";
  failure_reason: string | null;
  /** The generation of the manifest entry that this activation wrote. */
  epoch: number;
  generation: number;
  /** What was active before, to go back to; null when nothing was. */
  previous_version: number | null;
  /** 1 when the change takes trust away and adds none: then a failure never puts the old content back. */
  removes_trust_only: Flag;
  /** percentComplete, once its nodes are forgotten; null: they can be counted. Of what has ended alone. */
  final_percent: number | null;
  deadline_at: Timestamp;
  created_at: Timestamp;
  created_by: string;
  modified_at: Timestamp | null;
  modified_by: string | null;
};

/** The nodes expected by an activation, frozen at its start; see `forgetActivationNodes` for when they go. */
export type ActivationNodesTable = {
  activation_id: number;
  node_id: string;
  /** The level that counts as done for this node's engine, frozen as well. */
  required_level: "applied" | "verified";
  state: "expected" | "delivered" | "applied" | "verified" | "rejected";
  code: string | null;
  detail: string | null;
  excluded_at: Timestamp | null;
  excluded_by: string | null;
  updated_at: Timestamp;
};

/** Of activations with one node first. */
export type ActivationPilotsTable = {
  activation_id: number;
  node_id: string;
  observation_ms: number;
  max_refusals: number;
  /** Since when the node has proved it. */
  proved_at: Timestamp | null;
  /** Since when the others are told. */
  released_at: Timestamp | null;
};

/** What one node is told in place of the entry of its network, until that is written again. */
export type PilotEntriesTable = ManifestEntriesTable & { node_id: string };

export type ManifestEntriesTable = {
  network: NetworkName;
  entry_id: string;
  epoch: number;
  generation: number;
  digest: string;
  /** JSON of EntryContent; null once withdrawn. */
  content: string | null;
  updated_at: Timestamp;
};

export type NetworkGenerationsTable = { network: NetworkName; epoch: number; generation: number };

export type SigningKeysTable = {
  network: NetworkName;
  key_id: string;
  spki: string;
  /** AES-256-GCM under the operator key; empty once the key has retired, since it is of use to nobody honest. */
  private_key_sealed: string;
  created_at: Timestamp;
  retired_at: Timestamp | null;
};

/** The word of each key that has retired for the one that took its place. */
export type SigningKeySuccessorsTable = {
  network: NetworkName;
  key_id: string;
  successor_key_id: string;
  /** The generation from which on the old key signs nothing. */
  epoch: number;
  generation: number;
  signature: string;
  created_at: Timestamp;
  created_by: string;
};

export type ActivitiesTable = {
  id: Generated<number>;
  ca_set_id: number;
  type: string;
  network: NetworkName | null;
  version: number | null;
  at: Timestamp;
  by: string;
};

/** The last request to delete a set, one row a network. */
export type CaSetDeletionsTable = {
  ca_set_id: number;
  network: NetworkName;
  status: "IN_PROGRESS" | "COMPLETE" | "FAILED";
  failure_reason: string | null;
  /** The generation that withdraws the set's entry; null when the network never had one. */
  epoch: number | null;
  generation: number | null;
  deadline_at: Timestamp;
  created_at: Timestamp;
  created_by: string;
  ended_at: Timestamp | null;
};

/** The nodes that a deletion waits for, frozen at its start. */
export type CaSetDeletionNodesTable = {
  ca_set_id: number;
  network: NetworkName;
  node_id: string;
  required_level: "applied" | "verified";
};

/** What happened last, for those who watch; the oldest are dropped. */
export type EventsTable = {
  id: Generated<number>;
  type: string;
  /** JSON, its form given by the type. */
  data: string;
  at: Timestamp;
};

/** What each migration asks of the programs that use the store, for those that do not know it. Of itself, so in no backup. */
export type SchemaStepsTable = {
  migration: string;
  /** The oldest program that may use the store after it, named by the newest migration that it knows. */
  oldest_code: string;
};
