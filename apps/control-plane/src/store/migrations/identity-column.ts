import type { ColumnDefinitionBuilder, Kysely } from "kysely";
import { isPostgres } from "../is-postgres.ts";

/**
 * A primary key that the store counts up and never gives twice, also not after a row was deleted: one of the few places where
 * the dialects differ.
 */
export function identityColumn(db: Kysely<unknown>): (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder {
  return isPostgres(db)
    ? (column) => column.primaryKey().generatedByDefaultAsIdentity()
    : (column) => column.primaryKey().autoIncrement();
}
