import type { Kysely } from "kysely";

/** Nullable: the nodes of the activation are still there to be counted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("activations").addColumn("final_percent", "integer").execute();
}
