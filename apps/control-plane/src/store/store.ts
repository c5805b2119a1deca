import type { Kysely, Transaction } from "kysely";
import type { Database } from "./schema.ts";

export type Store = {
  readonly db: Kysely<Database>;
  close(): Promise<void>;
};

/** A query runner: the store itself or a transaction. */
export type Queries = Kysely<Database> | Transaction<Database>;

/** Runs `work` so that all of it is on disk when it resolves, or none of it is done. */
export function transaction<T>(store: Store, work: (queries: Transaction<Database>) => Promise<T>): Promise<T> {
  return store.db.transaction().execute(work);
}
