import { type Kysely, sql } from "kysely";
import { isPostgres } from "../store/is-postgres.ts";
import type { Database } from "../store/schema.ts";
import type { Queries } from "../store/store.ts";

/** Reads everything as it was at one moment, while others go on writing and wait for nothing. */
export function inSnapshot<T>(db: Kysely<Database>, read: (queries: Queries) => Promise<T>): Promise<T> {
  const begin = isPostgres(db) ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN DEFERRED";
  return db.connection().execute(async (connection) => {
    await sql.raw(begin).execute(connection);
    try {
      return await read(connection);
    } finally {
      await sql.raw("ROLLBACK").execute(connection);
    }
  });
}
