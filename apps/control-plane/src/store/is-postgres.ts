import { type Kysely, PostgresAdapter } from "kysely";

/** Where the dialects differ, which is in few places. */
export function isPostgres(db: Pick<Kysely<unknown>, "getExecutor">): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
