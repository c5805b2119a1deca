import { sql } from "kysely";
import { z } from "zod";
import { executedSteps } from "../store/schema-steps.ts";
import type { Queries, Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { writeArchive } from "./archive.ts";
import { readCounters } from "./counters.ts";
import { type SavedTable, tablesToSave } from "./saved-tables.ts";
import { inSnapshot } from "./snapshot.ts";

/** The first line of an archive. */
export const backupHeader = z.strictObject({
  madeAt: z.string(),
  /** Names of the migrations that the store had seen. */
  migrations: z.array(z.string()),
  counters: z.record(z.string(), z.int().min(0)),
});

export const backupRow = z.strictObject({
  table: z.string(),
  row: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

export type BackupReport = { readonly file: string; readonly bytes: number; readonly rows: number };

/**
 * Writes everything that is to survive into one new file, also beside a control plane that goes on writing. Throws a StoreError for a
 * damaged store.
 */
export async function writeBackup(store: Store, key: Uint8Array, file: string, madeAt: string): Promise<BackupReport> {
  if (store.integrity !== undefined) await refuseDamaged(store.db);
  let rows = 0;
  const bytes = await inSnapshot(store.db, (queries) => {
    const lines = async function* (): AsyncGenerator<string> {
      yield JSON.stringify(await headerOf(queries, madeAt));
      for (const table of tablesToSave()) {
        for await (const row of rowsOf(queries, table)) {
          rows += 1;
          yield JSON.stringify({ table: table.name, row });
        }
      }
    };
    return writeArchive(file, key, lines());
  });
  return { file, bytes, rows };
}

/** Rows are read along their keys: one that the index of a key has lost would be left out without a word. */
async function refuseDamaged(queries: Queries): Promise<void> {
  const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check(1)`.execute(queries);
  const words = rows[0]?.integrity_check ?? "ok";
  if (words === "ok") return;
  throw new StoreError(
    "store-not-readable",
    `The store is damaged (${words.replaceAll(/\s+/g, " ")}), and no backup was written: it might lack rows without saying so. Stop the control plane, keep a copy of its data directory, and restore an earlier backup.`,
  );
}

async function headerOf(queries: Queries, madeAt: string): Promise<z.infer<typeof backupHeader>> {
  return { madeAt, migrations: [...(await executedSteps(queries))], counters: await readCounters(queries) };
}

type Row = Readonly<Record<string, unknown>>;

const pageSize = 500;

/** In pages by its key, so that memory does not grow with the table. */
async function* rowsOf(queries: Queries, { name, key }: SavedTable): AsyncGenerator<Row> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  for (let last: Row | undefined; ; ) {
    const after =
      last === undefined ? sql`` : sql`WHERE (${columns}) > (${sql.join(key.map((column) => last?.[column]))})`;
    const page =
      await sql<Row>`SELECT * FROM ${sql.table(name)} ${after} ORDER BY ${columns} LIMIT ${pageSize}`.execute(queries);
    yield* page.rows;
    last = page.rows.at(-1);
    if (last === undefined || page.rows.length < pageSize) return;
  }
}
