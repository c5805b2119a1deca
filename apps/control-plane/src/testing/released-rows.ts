export type Row = Readonly<Record<string, string | number | null>>;

/** Rows of one table, as programs wrote them once it had the columns of the migration with this number. */
export type Rows = { readonly since: number; readonly table: string; readonly rows: readonly Row[] };

const at = "2026-06-01T00:00:00.000000Z";
const made = { created_at: at, created_by: "ann" };
const [network, epoch, generation] = ["STAGING", 1, 3];
const none = { description: null, name_frozen_at: null, deleted_at: null, deleted_by: null, removal_at: null };
const flags = { require_root_certificate: 1, allow_insecure_sha1: 0, allow_duplicate_common_names: 0 };
const unchanged = { modified_at: null, modified_by: null };
const version = { ca_set_id: 1, description: null, ...flags, status: "NOT_DELETED", locked_at: null, removal_at: null };
const report = { code: null, detail: null, updated_at: at };

/** One text in several versions, two texts of one certificate, a text that looks like none. */
const members: readonly Row[] = [
  { version: 1, position: 0, fingerprint: "a1", certificate_pem: "text of a\r\n", description: "first" },
  { version: 1, position: 1, fingerprint: "b2", certificate_pem: "text of b\n", description: null },
  { version: 2, position: 0, fingerprint: "b2", certificate_pem: "text of b\n", description: "moved" },
  { version: 2, position: 1, fingerprint: "a1", certificate_pem: "  other text of a ☂\n", description: null },
].map((member) => ({ ca_set_id: 1, ...member, ...made }));

export const releasedRows: readonly Rows[] = [
  { since: 1, table: "meta", rows: [{ key: "operator_key_check", value: "x" }] },
  {
    since: 1,
    table: "certificates",
    rows: ["a1", "b2"].map((fingerprint) => ({ fingerprint, der: "MAA=", facts: "{}" })),
  },
  {
    since: 1,
    table: "ca_sets",
    rows: ["one", "two"].map((name) => ({
      name,
      status: "NOT_DELETED",
      last_version: 2,
      ...none,
      ...made,
      modified_at: at,
    })),
  },
  {
    since: 1,
    table: "ca_set_versions",
    rows: [1, 2].map((n) => ({
      ...version,
      version: n,
      content_digest: `d${n}`,
      certificate_count: 2,
      ...made,
      ...unchanged,
    })),
  },
  { since: 1, table: "ca_set_version_certificates", rows: members },
  { since: 1, table: "ca_set_networks", rows: [{ ca_set_id: 1, network, active_version: 1, activation_id: 1 }] },
  {
    since: 1,
    table: "activations",
    rows: [
      {
        ca_set_id: 1,
        version: 1,
        type: "ACTIVATE",
        network,
        status: "IN_PROGRESS",
        failure_reason: null,
        epoch,
        generation,
        previous_version: null,
        removes_trust_only: 0,
        deadline_at: at,
        ...made,
        ...unchanged,
      },
    ],
  },
  {
    since: 1,
    table: "activation_nodes",
    rows: [
      {
        activation_id: 1,
        node_id: "s1",
        required_level: "verified",
        state: "applied",
        excluded_at: null,
        excluded_by: null,
        ...report,
      },
    ],
  },
  {
    since: 1,
    table: "manifest_entries",
    rows: [{ network, entry_id: "ca-set/1", epoch, generation, digest: "x", content: "{}", updated_at: at }],
  },
  { since: 1, table: "network_generations", rows: [{ network, epoch, generation }] },
  {
    since: 1,
    table: "signing_keys",
    rows: [{ network, key_id: "k", spki: "s", private_key_sealed: "p", created_at: at, retired_at: null }],
  },
  {
    since: 1,
    table: "edge_certificates",
    rows: [{ ca_set_id: 1, mode: "deny", send_ca_list_to_client: 0, ...made, ...unchanged }],
  },
  { since: 1, table: "edge_certificate_hostnames", rows: [{ hostname: "a.example", edge_certificate_id: 1 }] },
  {
    since: 1,
    table: "edge_nodes",
    rows: [
      {
        id: "s1",
        network,
        engine: "built-in",
        engine_version: "1",
        highest_level: "verified",
        address: "127.0.0.1:1",
        credential_hash: "c",
        created_at: at,
        last_seen_at: at,
        drained_at: null,
      },
    ],
  },
  {
    since: 1,
    table: "node_entries",
    rows: [{ node_id: "s1", entry_id: "ca-set/1", epoch, generation, digest: "x", state: "applied", ...report }],
  },
  {
    since: 1,
    table: "api_tokens",
    rows: [
      {
        token_hash: "h",
        prefix: "tcm_",
        role: "admin",
        created_at: at,
        created_by: "ann",
        last_used_at: null,
        revoked_at: null,
      },
    ],
  },
  {
    since: 1,
    table: "activities",
    rows: [{ ca_set_id: 1, type: "CREATE_CA_SET", network: null, version: null, at, by: "ann" }],
  },
  {
    since: 2,
    table: "ca_set_deletions",
    rows: [
      {
        ca_set_id: 2,
        network,
        status: "IN_PROGRESS",
        failure_reason: null,
        epoch,
        generation,
        deadline_at: at,
        ...made,
        ended_at: null,
      },
    ],
  },
  {
    since: 2,
    table: "ca_set_deletion_nodes",
    rows: [{ ca_set_id: 2, network, node_id: "s1", required_level: "verified" }],
  },
  { since: 2, table: "events", rows: [{ type: "activation", data: "{}", at }] },
  {
    since: 3,
    table: "users",
    rows: [
      {
        name: "ann",
        role: "admin",
        password_hash: "$argon2id$",
        oidc_subject: null,
        ...made,
        disabled_at: null,
        last_sign_in_at: at,
      },
    ],
  },
  {
    since: 3,
    table: "sessions",
    rows: [{ token_hash: "s", user_id: 1, created_at: at, last_used_at: at, expires_at: at }],
  },
  { since: 3, table: "sign_in_links", rows: [{ token_hash: "l", expires_at: at }] },
  { since: 3, table: "sign_in_attempts", rows: [{ source: "ann", count: 2, ends_at: at }] },
  {
    since: 3,
    table: "api_clients",
    rows: [
      {
        name: "terraform",
        client_token: "c",
        access_token: "a",
        client_secret_sealed: "x",
        role: "editor",
        profile: "mets",
        ...made,
        last_used_at: null,
        revoked_at: null,
      },
    ],
  },
  { since: 3, table: "edgegrid_nonces", rows: [{ client_id: 1, nonce: "n", expires_at: at }] },
  {
    since: 3,
    table: "audit_records",
    rows: [
      {
        number: 1,
        at,
        by: "ann",
        action: "CREATE_CA_SET",
        subject: "{}",
        outcome: "done",
        request_id: null,
        previous_hash: "",
        hash: "h1",
      },
    ],
  },
  { since: 3, table: "audit_heads", rows: [{ number: 1, hash: "h1", signed_at: at, signature: "s" }] },
  {
    since: 6,
    table: "activation_pilots",
    rows: [{ activation_id: 1, node_id: "s1", observation_ms: 1, max_refusals: 2, proved_at: at, released_at: null }],
  },
  {
    since: 6,
    table: "pilot_entries",
    rows: [
      { network, entry_id: "ca-set/1", node_id: "s1", epoch, generation, digest: "x", content: "{}", updated_at: at },
    ],
  },
  {
    since: 6,
    table: "signing_key_successors",
    rows: [{ network, key_id: "k", successor_key_id: "l", epoch, generation, signature: "s", ...made }],
  },
  {
    since: 7,
    table: "node_authorities",
    rows: [{ name: network, certificate: "c", private_key_sealed: "p", created_at: at }],
  },
  {
    since: 7,
    table: "join_tokens",
    rows: [{ token_hash: "j", network, engine: "haproxy", node_id: null, ...made, expires_at: at }],
  },
  {
    since: 8,
    table: "handshake_counts",
    rows: [
      {
        network,
        ca_set_id: 1,
        bucket_seconds: 60,
        bucket_at: at,
        node_id: "s1",
        version: 1,
        epoch,
        generation,
        anchor: "a1",
        outcome: "accepted",
        reason: "none",
        count: 2 ** 40,
        last_seen_at: at,
      },
    ],
  },
  { since: 8, table: "handshake_anchors", rows: [{ network, ca_set_id: 1, anchor: "a1", last_accepted_at: at }] },
  {
    since: 8,
    table: "handshake_clients",
    rows: [{ network, ca_set_id: 1, fingerprint: "f", anchor: "a1", not_after: at, last_seen_at: at }],
  },
  {
    since: 8,
    table: "handshake_reports",
    rows: [{ node_id: "s1", stream: "x", sequence: 3, lost: 0, reported_at: at }],
  },
  {
    since: 10,
    table: "handshake_cut_off",
    rows: [
      { network, ca_set_id: 1, epoch, generation, fingerprint: "f", node_id: "s1", is_proved: 1, last_seen_at: at },
    ],
  },
];

/** Since migration 0005. */
export const textRows: readonly Rows[] = [
  {
    since: 5,
    table: "certificate_texts",
    rows: [
      { sha256: "1", fingerprint: "a1", pem: "text of a\r\n" },
      { sha256: "2", fingerprint: "b2", pem: "text of b\n" },
      { sha256: "3", fingerprint: "a1", pem: "  other text of a ☂\n" },
    ],
  },
  {
    since: 5,
    table: "ca_set_version_members",
    rows: members.map((member, i) => {
      const kept = Object.entries(member).filter(([column]) => !["fingerprint", "certificate_pem"].includes(column));
      return { ...Object.fromEntries(kept), text_id: [1, 2, 2, 3][i] ?? 0 };
    }),
  },
];
