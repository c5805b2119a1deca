import type { Kysely } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("edge_nodes").addColumn("connected_to", "text").execute();
}
