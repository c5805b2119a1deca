import type { ColumnDefinitionBuilder, Kysely } from "kysely";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const key = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.primaryKey();

/** Nodes show certificates from now on; those that were enrolled with a shared secret have to join again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("node_authorities")
    .addColumn("name", "text", key)
    .addColumn("certificate", "text", required)
    .addColumn("private_key_sealed", "text", required)
    .addColumn("created_at", "text", required)
    .execute();
  await schema
    .createTable("join_tokens")
    .addColumn("token_hash", "text", key)
    .addColumn("network", "text", required)
    .addColumn("engine", "text", required)
    .addColumn("node_id", "text")
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("expires_at", "text", required)
    .execute();
  await schema.alterTable("edge_nodes").addColumn("enrolment_id", "text").execute();
  await schema.alterTable("edge_nodes").addColumn("certificate_not_after", "text").execute();
  await schema.alterTable("edge_nodes").addColumn("clock_skew_seconds", "integer").execute();
}
