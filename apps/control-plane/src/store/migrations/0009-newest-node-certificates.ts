import type { Kysely } from "kysely";

/** Nullable, all four: programs from before leave them out, and what is not known is taken as it was. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ["sends_ca_names", "newest_certificate", "certificate_before", "newest_shown_at"])
    await db.schema.alterTable("edge_nodes").addColumn(column, "text").execute();
}
