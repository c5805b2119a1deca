import { type ColumnDefinitionBuilder, type Kysely, sql } from "kysely";
import { identityColumn } from "./identity-column.ts";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

export async function up(db: Kysely<unknown>): Promise<void> {
  await createSets(db);
  await createDeployment(db);
  await createEdges(db);
  await createRecords(db);
}

async function createSets(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("meta")
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("value", "text", required)
    .execute();
  await schema
    .createTable("certificates")
    .addColumn("fingerprint", "text", (c) => c.primaryKey())
    .addColumn("der", "text", required)
    .addColumn("facts", "text", required)
    .execute();
  await schema
    .createTable("ca_sets")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("name", "text", required)
    .addColumn("description", "text")
    .addColumn("status", "text", required)
    .addColumn("name_frozen_at", "text")
    .addColumn("last_version", "integer", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("modified_at", "text", required)
    .addColumn("deleted_at", "text")
    .addColumn("deleted_by", "text")
    .addColumn("removal_at", "text")
    .execute();
  await schema
    .createIndex("ca_sets_name")
    .on("ca_sets")
    .column("name")
    .unique()
    .where(sql.ref("status"), "!=", sql.lit("DELETED"))
    .execute();
  await schema
    .createTable("ca_set_versions")
    .addColumn("ca_set_id", "integer", (c) => c.notNull().references("ca_sets.id"))
    .addColumn("version", "integer", required)
    .addColumn("description", "text")
    .addColumn("require_root_certificate", "integer", required)
    .addColumn("allow_insecure_sha1", "integer", required)
    .addColumn("allow_duplicate_common_names", "integer", required)
    .addColumn("status", "text", required)
    .addColumn("content_digest", "text", required)
    .addColumn("certificate_count", "integer", required)
    .addColumn("locked_at", "text")
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("modified_at", "text")
    .addColumn("modified_by", "text")
    .addColumn("removal_at", "text")
    .addPrimaryKeyConstraint("ca_set_versions_key", ["ca_set_id", "version"])
    .execute();
  await schema
    .createTable("ca_set_version_certificates")
    .addColumn("ca_set_id", "integer", required)
    .addColumn("version", "integer", required)
    .addColumn("position", "integer", required)
    .addColumn("fingerprint", "text", (c) => c.notNull().references("certificates.fingerprint"))
    .addColumn("certificate_pem", "text", required)
    .addColumn("description", "text")
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addPrimaryKeyConstraint("ca_set_version_certificates_key", ["ca_set_id", "version", "position"])
    .execute();
  await schema
    .createTable("ca_set_networks")
    .addColumn("ca_set_id", "integer", (c) => c.notNull().references("ca_sets.id"))
    .addColumn("network", "text", required)
    .addColumn("active_version", "integer", required)
    .addColumn("activation_id", "integer", required)
    .addPrimaryKeyConstraint("ca_set_networks_key", ["ca_set_id", "network"])
    .execute();
}

async function createDeployment(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("activations")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("ca_set_id", "integer", (c) => c.notNull().references("ca_sets.id"))
    .addColumn("version", "integer", required)
    .addColumn("type", "text", required)
    .addColumn("network", "text", required)
    .addColumn("status", "text", required)
    .addColumn("failure_reason", "text")
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("previous_version", "integer")
    .addColumn("removes_trust_only", "integer", required)
    .addColumn("deadline_at", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("modified_at", "text")
    .addColumn("modified_by", "text")
    .execute();
  await schema
    .createIndex("activations_one_in_progress")
    .on("activations")
    .columns(["ca_set_id", "network"])
    .unique()
    .where(sql.ref("status"), "=", sql.lit("IN_PROGRESS"))
    .execute();
  await schema
    .createTable("activation_nodes")
    .addColumn("activation_id", "integer", (c) => c.notNull().references("activations.id"))
    .addColumn("node_id", "text", required)
    .addColumn("required_level", "text", required)
    .addColumn("state", "text", required)
    .addColumn("code", "text")
    .addColumn("detail", "text")
    .addColumn("excluded_at", "text")
    .addColumn("excluded_by", "text")
    .addColumn("updated_at", "text", required)
    .addPrimaryKeyConstraint("activation_nodes_key", ["activation_id", "node_id"])
    .execute();
  await schema
    .createTable("manifest_entries")
    .addColumn("network", "text", required)
    .addColumn("entry_id", "text", required)
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("digest", "text", required)
    .addColumn("content", "text")
    .addColumn("updated_at", "text", required)
    .addPrimaryKeyConstraint("manifest_entries_key", ["network", "entry_id"])
    .execute();
  await schema
    .createTable("network_generations")
    .addColumn("network", "text", (c) => c.primaryKey())
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .execute();
  await schema
    .createTable("signing_keys")
    .addColumn("network", "text", required)
    .addColumn("key_id", "text", required)
    .addColumn("spki", "text", required)
    .addColumn("private_key_sealed", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("retired_at", "text")
    .addPrimaryKeyConstraint("signing_keys_key", ["network", "key_id"])
    .execute();
}

async function createEdges(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("edge_certificates")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("ca_set_id", "integer", (c) => c.notNull().references("ca_sets.id"))
    .addColumn("mode", "text", required)
    .addColumn("send_ca_list_to_client", "integer", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("modified_at", "text")
    .addColumn("modified_by", "text")
    .execute();
  await schema
    .createTable("edge_certificate_hostnames")
    .addColumn("hostname", "text", (c) => c.primaryKey())
    .addColumn("edge_certificate_id", "integer", (c) =>
      c.notNull().references("edge_certificates.id").onDelete("cascade"),
    )
    .execute();
  await schema
    .createTable("edge_nodes")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("network", "text", required)
    .addColumn("engine", "text", required)
    .addColumn("engine_version", "text", required)
    .addColumn("highest_level", "text", required)
    .addColumn("address", "text", required)
    .addColumn("credential_hash", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("last_seen_at", "text")
    .addColumn("drained_at", "text")
    .execute();
  await schema
    .createTable("node_entries")
    .addColumn("node_id", "text", (c) => c.notNull().references("edge_nodes.id"))
    .addColumn("entry_id", "text", required)
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("digest", "text", required)
    .addColumn("state", "text", required)
    .addColumn("code", "text")
    .addColumn("detail", "text")
    .addColumn("updated_at", "text", required)
    .addPrimaryKeyConstraint("node_entries_key", ["node_id", "entry_id"])
    .execute();
}

async function createRecords(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("api_tokens")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("token_hash", "text", (c) => c.notNull().unique())
    .addColumn("prefix", "text", required)
    .addColumn("role", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("last_used_at", "text")
    .addColumn("revoked_at", "text")
    .execute();
  await schema
    .createTable("activities")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("ca_set_id", "integer", required)
    .addColumn("type", "text", required)
    .addColumn("network", "text")
    .addColumn("version", "integer")
    .addColumn("at", "text", required)
    .addColumn("by", "text", required)
    .execute();
}
