import type { ColumnDefinitionBuilder, Kysely } from "kysely";
import { identityColumn } from "./identity-column.ts";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("ca_set_deletions")
    .addColumn("ca_set_id", "integer", (c) => c.notNull().references("ca_sets.id").onDelete("cascade"))
    .addColumn("network", "text", required)
    .addColumn("status", "text", required)
    .addColumn("failure_reason", "text")
    .addColumn("epoch", "integer")
    .addColumn("generation", "integer")
    .addColumn("deadline_at", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("created_by", "text", required)
    .addColumn("ended_at", "text")
    .addPrimaryKeyConstraint("ca_set_deletions_key", ["ca_set_id", "network"])
    .execute();
  await schema
    .createTable("ca_set_deletion_nodes")
    .addColumn("ca_set_id", "integer", (c) => c.notNull().references("ca_sets.id").onDelete("cascade"))
    .addColumn("network", "text", required)
    .addColumn("node_id", "text", required)
    .addColumn("required_level", "text", required)
    .addPrimaryKeyConstraint("ca_set_deletion_nodes_key", ["ca_set_id", "network", "node_id"])
    .execute();
  await schema
    .createTable("events")
    .addColumn("id", "integer", identityColumn(db))
    .addColumn("type", "text", required)
    .addColumn("data", "text", required)
    .addColumn("at", "text", required)
    .execute();
  await schema.createIndex("activities_of_set").on("activities").columns(["ca_set_id", "at"]).execute();
  await schema.createIndex("activations_of_set").on("activations").columns(["ca_set_id", "version"]).execute();
}
