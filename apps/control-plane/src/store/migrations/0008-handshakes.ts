import type { ColumnDefinitionBuilder, Kysely } from "kysely";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

/** Sums of a whole network outgrow PostgreSQL's `integer`, and its `bigint` is read as text: a double is exact up to 2^53. */
const count = "double precision";

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable("handshake_counts")
    .addColumn("network", "text", required)
    .addColumn("ca_set_id", "integer", required)
    .addColumn("bucket_seconds", "integer", required)
    .addColumn("bucket_at", "text", required)
    .addColumn("node_id", "text", required)
    .addColumn("version", "integer", required)
    .addColumn("epoch", "integer", required)
    .addColumn("generation", "integer", required)
    .addColumn("anchor", "text", required)
    .addColumn("outcome", "text", required)
    .addColumn("reason", "text", required)
    .addColumn("count", count, required)
    .addColumn("last_seen_at", "text", required)
    .addPrimaryKeyConstraint("handshake_counts_key", [
      "network",
      "ca_set_id",
      "bucket_seconds",
      "bucket_at",
      "node_id",
      "version",
      "epoch",
      "generation",
      "anchor",
      "outcome",
      "reason",
    ])
    .execute();
  await schema
    .createIndex("handshake_counts_age")
    .on("handshake_counts")
    .columns(["bucket_seconds", "bucket_at"])
    .execute();
  await schema
    .createTable("handshake_anchors")
    .addColumn("network", "text", required)
    .addColumn("ca_set_id", "integer", required)
    .addColumn("anchor", "text", required)
    .addColumn("last_accepted_at", "text", required)
    .addPrimaryKeyConstraint("handshake_anchors_key", ["network", "ca_set_id", "anchor"])
    .execute();
  await schema
    .createTable("handshake_clients")
    .addColumn("network", "text", required)
    .addColumn("ca_set_id", "integer", required)
    .addColumn("fingerprint", "text", required)
    .addColumn("anchor", "text", required)
    .addColumn("not_after", "text", required)
    .addColumn("last_seen_at", "text", required)
    .addPrimaryKeyConstraint("handshake_clients_key", ["network", "ca_set_id", "fingerprint"])
    .execute();
  await schema
    .createIndex("handshake_clients_age")
    .on("handshake_clients")
    .columns(["network", "ca_set_id", "last_seen_at"])
    .execute();
  await schema
    .createTable("handshake_reports")
    .addColumn("node_id", "text", (c) => c.primaryKey())
    .addColumn("stream", "text", required)
    .addColumn("sequence", "integer", required)
    .addColumn("lost", count, required)
    .addColumn("reported_at", "text", required)
    .execute();
}
