import { handshakeCountKey } from "../store/handshake-tables.ts";
import type { Database } from "../store/schema.ts";

/**
 * What a backup holds of each table: its rows in the order of this key, or nothing. In the order in which rows can be written, since
 * some need others. A new table without a line here does not compile.
 */
const savedTables = {
  meta: ["key"],
  certificates: ["fingerprint"],
  ca_sets: ["id"],
  ca_set_versions: ["ca_set_id", "version"],
  certificate_texts: ["id"],
  ca_set_version_members: ["ca_set_id", "version", "position"],
  ca_set_networks: ["ca_set_id", "network"],
  ca_set_deletions: ["ca_set_id", "network"],
  ca_set_deletion_nodes: ["ca_set_id", "network", "node_id"],
  edge_certificates: ["id"],
  edge_certificate_hostnames: ["hostname"],
  activations: ["id"],
  activation_nodes: ["activation_id", "node_id"],
  activation_pilots: ["activation_id"],
  manifest_entries: ["network", "entry_id"],
  pilot_entries: ["network", "entry_id"],
  network_generations: ["network"],
  signing_keys: ["network", "key_id"],
  signing_key_successors: ["network", "key_id"],
  edge_nodes: ["id"],
  node_authorities: ["name"],
  api_tokens: ["id"],
  activities: ["id"],
  events: ["id"],
  users: ["id"],
  api_clients: ["id"],
  edgegrid_nonces: ["client_id", "nonce"],
  audit_records: ["number"],
  audit_heads: ["number"],
  handshake_counts: handshakeCountKey,
  handshake_anchors: ["network", "ca_set_id", "anchor"],
  handshake_clients: ["network", "ca_set_id", "fingerprint"],
  handshake_cut_off: ["network", "ca_set_id", "epoch", "generation", "fingerprint", "node_id"],
  handshake_reports: ["node_id"],
  // The store that is restored into has its own.
  schema_steps: undefined,
  // What nodes hold they say themselves, with their next hello.
  node_entries: undefined,
  // A restored store knows nobody who had signed in, or tried to.
  sessions: undefined,
  sign_in_links: undefined,
  sign_in_attempts: undefined,
  join_tokens: undefined,
} as const satisfies Record<keyof Database, readonly string[] | undefined>;

export type SavedTable = { readonly name: string; readonly key: readonly string[] };

export function tablesToSave(): readonly SavedTable[] {
  const tables = Object.entries<readonly string[] | undefined>(savedTables);
  return tables.flatMap(([name, key]) => (key === undefined ? [] : [{ name, key }]));
}

/** Tables whose ids the store counts up and never gives twice. */
export const countedTables = [
  "certificate_texts",
  "ca_sets",
  "edge_certificates",
  "activations",
  "api_tokens",
  "activities",
  "events",
  "users",
  "api_clients",
] as const;
