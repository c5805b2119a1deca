import type { ColumnDefinitionBuilder, Kysely } from "kysely";
import { identityColumn } from "./identity-column.ts";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey();

export async function up(db: Kysely<unknown>): Promise<void> {
  await createUsers(db);
  await createCredentials(db);
  await createAudit(db);
}

async function createUsers(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("users")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("name", "text", (c) => c.notNull().unique())
    .addColumn("role", "text", required)
    .addColumn("password_hash", "text")
    .addColumn("oidc_subject", "text", (c) => c.unique())
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("disabled_at", "text")
    .addColumn("last_sign_in_at", "text")
    .execute();
  await schema
    .createTable("sessions")
    .addColumn("token_hash", "text", key)
    .addColumn("user_id", "integer", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("created_at", "text", required)
    .addColumn("last_used_at", "text", required)
    .addColumn("expires_at", "text", required)
    .execute();
  await schema.createIndex("sessions_user").on("sessions").column("user_id").execute();
  await schema
    .createTable("sign_in_links")
    .addColumn("token_hash", "text", key)
    .addColumn("expires_at", "text", required)
    .execute();
  await schema
    .createTable("sign_in_attempts")
    .addColumn("source", "text", key)
    .addColumn("count", "integer", required)
    .addColumn("ends_at", "text", required)
    .execute();
}

async function createCredentials(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable("api_tokens").addColumn("name", "text").execute();
  await schema.alterTable("api_tokens").addColumn("expires_at", "text").execute();
  await schema
    .createTable("api_clients")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("name", "text", required)
    .addColumn("client_token", "text", (c) => c.notNull().unique())
    .addColumn("access_token", "text", required)
    .addColumn("client_secret_sealed", "text", required)
    .addColumn("role", "text", required)
    .addColumn("profile", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("last_used_at", "text")
    .addColumn("revoked_at", "text")
    .execute();
  await schema
    .createTable("edgegrid_nonces")
    .addColumn("client_id", "integer", (c) => c.notNull().references("api_clients.id").onDelete("cascade"))
    .addColumn("nonce", "text", required)
    .addColumn("expires_at", "text", required)
    .addPrimaryKeyConstraint("edgegrid_nonces_key", ["client_id", "nonce"])
    .execute();
  await schema.createIndex("edgegrid_nonces_expiry").on("edgegrid_nonces").column("expires_at").execute();
}

async function createAudit(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("audit_records")
    .addColumn("number", "integer", key)
    .addColumn("at", "text", required)
    .addColumn("by", "text", required)
    .addColumn("action", "text", required)
    .addColumn("subject", "text", required)
    .addColumn("outcome", "text", required)
    .addColumn("request_id", "text")
    .addColumn("previous_hash", "text", required)
    .addColumn("hash", "text", required)
    .execute();
  await schema
    .createTable("audit_heads")
    .addColumn("number", "integer", key)
    .addColumn("hash", "text", required)
    .addColumn("signed_at", "text", required)
    .addColumn("signature", "text", required)
    .execute();
}
