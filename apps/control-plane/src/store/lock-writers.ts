import { type Kysely, sql } from "kysely";

/** Advisory locks are of one database; the migrator's has another number. */
const writersLock = 7_302_253;

/** The first statement of every transaction on PostgreSQL: waits until no other runs, in any process, and holds up those to come. */
export async function lockWriters(db: Pick<Kysely<unknown>, "getExecutor">): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${writersLock})`.execute(db);
}
