import type { Kysely } from "kysely";

/** Programs from before leave it as it was, by which the next one knows that they gave a newer certificate since. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("edge_nodes").addColumn("newest_not_after", "text").execute();
}
