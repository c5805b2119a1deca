import type { Kysely } from "kysely";

/** Nullable: programs from before leave it as it was, and the end of what they gave is in `certificate_not_after`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("edge_nodes").addColumn("latest_not_after", "text").execute();
}
