import type { ColumnDefinitionBuilder, Kysely } from "kysely";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("handshake_cut_off")
    .addColumn("network", "text", required)
    .addColumn("ca_set_id", "integer", required)
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("fingerprint", "text", required)
    .addColumn("node_id", "text", required)
    .addColumn("is_proved", "integer", required)
    .addColumn("last_seen_at", "text", required)
    .addPrimaryKeyConstraint("handshake_cut_off_key", [
      "network",
      "ca_set_id",
      "epoch",
      "generation",
      "fingerprint",
      "node_id",
    ])
    .execute();
}
