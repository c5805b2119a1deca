import { sql } from "kysely";
import { isPostgres } from "../store/is-postgres.ts";
import type { Queries } from "../store/store.ts";
import { countedTables } from "./saved-tables.ts";

/** The highest id that each table ever gave, which may be higher than any that is left. */
export type Counters = Readonly<Record<string, number>>;

export async function readCounters(queries: Queries): Promise<Counters> {
  const counters: Record<string, number> = {};
  for (const table of countedTables) counters[table] = (await readCounter(queries, table)) ?? 0;
  return counters;
}

async function readCounter(queries: Queries, table: string): Promise<number | null | undefined> {
  const query = isPostgres(queries)
    ? sql<{
        last: number | null;
      }>`SELECT pg_sequence_last_value(pg_get_serial_sequence(${table}, 'id')::regclass) AS last`
    : sql<{ last: number }>`SELECT seq AS last FROM sqlite_sequence WHERE name = ${table}`;
  return (await query.execute(queries)).rows[0]?.last;
}

/** After the rows are there. */
export async function restoreCounters(queries: Queries, counters: Counters): Promise<void> {
  for (const table of countedTables) {
    const last = counters[table] ?? 0;
    if (last > 0) await restoreCounter(queries, table, last);
  }
}

async function restoreCounter(queries: Queries, table: string, last: number): Promise<void> {
  if (isPostgres(queries)) {
    await sql`SELECT setval(pg_get_serial_sequence(${table}, 'id'), ${last})`.execute(queries);
    return;
  }
  // There is no row before the first insert, and no key that would replace one.
  await sql`DELETE FROM sqlite_sequence WHERE name = ${table}`.execute(queries);
  await sql`INSERT INTO sqlite_sequence (name, seq) VALUES (${table}, ${last})`.execute(queries);
}
