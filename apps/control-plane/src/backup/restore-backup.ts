import type { Network } from "@tcm/core";
import { sql } from "kysely";
import { openAuditKey } from "../audit/audit-key.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import type { OperatorKey } from "../keys/operator-key.ts";
import { openSigningKeys } from "../keys/signing-keys.ts";
import { timestamp } from "../operations/actor.ts";
import { executedSteps } from "../store/schema-steps.ts";
import type { Queries, Store } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import { readArchive } from "./archive.ts";
import { beginEpoch } from "./begin-epoch.ts";
import { checkRestored } from "./check-restored.ts";
import { restoreCounters } from "./counters.ts";
import { rowUpgrade, type SavedRow } from "./older-rows.ts";
import { tablesToSave } from "./saved-tables.ts";
import { backupHeader, backupRow } from "./write-backup.ts";

export type RestoreReport = {
  /** When the backup was made. */
  readonly madeAt: string;
  readonly rows: number;
  /** Of the networks that ever served anything. */
  readonly epochs: Partial<Record<Network, number>>;
  /** Faults of the audit record as it was saved; they are restored with it, and shown. */
  readonly auditFaults: number;
};

export type RestoreOptions = {
  readonly file: string;
  readonly operatorKey: OperatorKey;
  /** Authenticates the archive. */
  readonly key: Uint8Array;
  readonly now: number;
};

/**
 * Fills an empty store from an archive that was verified as a whole before; all of it in one transaction, or nothing. What it holds is
 * asked again, and goes out to the nodes in a new epoch, on the record.
 */
export function restoreBackup(store: Store, options: RestoreOptions): Promise<RestoreReport> {
  return store.transaction(async (queries) => {
    await refuseFilled(queries);
    const { madeAt, rows } = await load(queries, options);
    await checkRestored(queries);
    // Written by a process that is gone, if not by one that still runs elsewhere.
    await queries.updateTable("edge_nodes").set({ connected_to: null }).execute();
    const auditFaults = await checkKeys({ ...store, transaction: (work) => work(queries) }, queries, options);
    const epochs = await beginEpoch(queries, options.now);
    const subject = { backupMadeAt: madeAt, epochs };
    await recordAudit(queries, { at: timestamp(options.now), by: "tcm restore", action: "RESTORE_BACKUP", subject });
    return { madeAt, rows, epochs, auditFaults };
  });
}

async function refuseFilled(queries: Queries): Promise<void> {
  for (const { name } of tablesToSave()) {
    const { rows } = await sql`SELECT 1 FROM ${sql.table(name)} LIMIT 1`.execute(queries);
    if (rows.length === 0) continue;
    throw new StoreError(
      "store-not-empty",
      "The store is not empty, and a restore never mixes two. Name a new data directory or an empty database.",
    );
  }
}

async function load(queries: Queries, { file, key }: RestoreOptions): Promise<{ madeAt: string; rows: number }> {
  const names = new Set(tablesToSave().map(({ name }) => name));
  const insert = batchInsert(queries);
  const older = rowUpgrade();
  let header: ReturnType<typeof backupHeader.parse> | undefined;
  let rows = 0;
  for await (const line of readArchive(file, key)) {
    if (header === undefined) {
      header = await readHeader(queries, line);
      continue;
    }
    for (const { table, row } of older.upgrade(backupRow.parse(JSON.parse(line)))) {
      if (!names.has(table)) throw new Error(`the backup holds a table ${table}`);
      await insert.add(table, row);
    }
    rows += 1;
  }
  await insert.flush();
  if (header === undefined) throw new StoreError("backup-unusable", `${file} holds nothing.`);
  await restoreCounters(queries, { certificate_texts: older.texts(), ...header.counters });
  return { madeAt: header.madeAt, rows };
}

/** An older archive fits: tables gain columns that may be missing, and `rowUpgrade` knows the rest. A newer one may hold what we would lose. */
async function readHeader(queries: Queries, line: string) {
  const header = backupHeader.parse(JSON.parse(line));
  const known = new Set(await executedSteps(queries));
  if (header.migrations.every((name) => known.has(name))) return header;
  const message = "The backup was made by a newer version of the product. Restore it with that version.";
  throw new StoreError("backup-unusable", message);
}

const rowsAtOnce = 100;

/** Many rows of one table are one statement. Those that wait are written in the order in which tables need each other. */
function batchInsert(queries: Queries) {
  const waiting = new Map(tablesToSave().map(({ name }) => [name, [] as SavedRow["row"][]] as const));
  let count = 0;
  const flush = async (): Promise<void> => {
    for (const [table, rows] of waiting) await insertRows(queries, table, rows.splice(0));
    count = 0;
  };
  return {
    add: async (table: string, row: SavedRow["row"]): Promise<void> => {
      if (count >= rowsAtOnce) await flush();
      waiting.get(table)?.push(row);
      count += 1;
    },
    flush,
  };
}

async function insertRows(queries: Queries, table: string, rows: readonly SavedRow["row"][]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`INSERT INTO ${sql.table(table)} (${names}) VALUES ${sql.join(values)}`.execute(queries);
}

/** The secrets in the store are of the same operator key as the archive; makes those that a store without a start never had. */
async function checkKeys(store: Store, queries: Queries, { operatorKey, now }: RestoreOptions): Promise<number> {
  await openSigningKeys(store, operatorKey, () => now);
  const { faults } = await verifyAudit(queries, await openAuditKey(store, operatorKey));
  return faults.length;
}
