import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { migrationSteps } from "../store/migrate.ts";
import type { Database } from "../store/schema.ts";

type Row = Readonly<Record<string, string | number | null>>;

/** Rows of one table, as programs wrote them once it had the columns of the migration with this number. */
type Rows = { readonly since: number; readonly table: string; readonly rows: readonly Row[] };

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

const everything: readonly Rows[] = [
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
];

export const releasedMigrations = Object.keys(migrationSteps);

/** Makes an empty store into one as the program with that many migrations left it, with rows in every table. */
export async function makeReleasedStore(db: Kysely<Database>, migrations: number): Promise<void> {
  const steps = Object.entries(migrationSteps).slice(0, migrations);
  const known: Record<string, Migration> = Object.fromEntries(steps.map(([name, { up }]) => [name, { up }]));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateToLatest();
  if (error !== undefined) throw error;
  for (const { table, rows } of rowsOf(migrations)) for (const row of rows) await insert(db, table, row);
}

function rowsOf(migrations: number): readonly Rows[] {
  const there = everything.filter(({ since }) => since <= migrations);
  return migrations < 5 ? there : there.flatMap((one) => (one.table === memberTable ? textRows : [one]));
}

const memberTable = "ca_set_version_certificates";

/** Since migration 0005. */
const textRows: readonly Rows[] = [
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

async function insert(db: Kysely<Database>, table: string, row: Row): Promise<void> {
  const names = sql.join(Object.keys(row).map((column) => sql.ref(column)));
  await sql`INSERT INTO ${sql.table(table)} (${names}) VALUES (${sql.join(Object.values(row))})`.execute(db);
}

/** All rows of all tables; members of versions with their texts, wherever the store keeps them. */
export async function everyRow(db: Kysely<Database>): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const all = await db.introspection.getTables();
  const tables = all.filter(({ isView, name }) => !isView && name !== "schema_steps").map(({ name }) => name);
  const found: Record<string, readonly unknown[]> = {};
  for (const table of tables.filter((name) => !movedTables.has(name)))
    found[table] = (await sql`SELECT * FROM ${sql.table(table)} ORDER BY 1, 2`.execute(db)).rows;
  const from = tables.includes(memberTable)
    ? sql`ca_set_version_certificates AS member`
    : sql`ca_set_version_members AS member JOIN certificate_texts AS text ON text.id = member.text_id`;
  const pem = tables.includes(memberTable) ? sql`certificate_pem` : sql`pem`;
  found["members"] = (
    await sql`SELECT ca_set_id, version, position, fingerprint, ${pem} AS pem, description, created_at, created_by
              FROM ${from} ORDER BY ca_set_id, version, position`.execute(db)
  ).rows;
  return found;
}

const movedTables: ReadonlySet<string> = new Set([memberTable, "ca_set_version_members", "certificate_texts"]);
