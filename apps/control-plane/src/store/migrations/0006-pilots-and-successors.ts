import type { ColumnDefinitionBuilder, Kysely } from "kysely";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

/** New tables alone: a program that does not know them tells nodes what all of them are told, and signs with the key in use. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable("activation_pilots")
    .addColumn("activation_id", "integer", (c) => c.primaryKey().references("activations.id").onDelete("cascade"))
    .addColumn("node_id", "text", required)
    .addColumn("observation_ms", "integer", required)
    .addColumn("max_refusals", "integer", required)
    .addColumn("proved_at", "text")
    .addColumn("released_at", "text")
    .execute();
  await schema
    .createTable("pilot_entries")
    .addColumn("network", "text", required)
    .addColumn("entry_id", "text", required)
    .addColumn("node_id", "text", required)
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("digest", "text", required)
    .addColumn("content", "text")
    .addColumn("updated_at", "text", required)
    .addPrimaryKeyConstraint("pilot_entries_key", ["network", "entry_id"])
    .execute();
  await schema
    .createTable("signing_key_successors")
    .addColumn("network", "text", required)
    .addColumn("key_id", "text", required)
    .addColumn("successor_key_id", "text", required)
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("signature", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addPrimaryKeyConstraint("signing_key_successors_key", ["network", "key_id"])
    .execute();
}
