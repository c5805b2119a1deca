import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { checkedAtStartBytes, checkPagesBeside, findDamage } from "./check-pages.ts";
import { lockDataDirectory } from "./data-directory-lock.ts";
import { isDiskFault } from "./disk-fault.ts";
import { migrate, migrateExisting, type PrepareTables } from "./migrate.ts";
import { openPostgresStore } from "./open-postgres.ts";
import type { Database } from "./schema.ts";
import { NodeSqliteDialect } from "./sqlite-adapter.ts";
import { localSignals, type Store } from "./store.ts";
import { StoreError } from "./store-error.ts";
import { StoreIntegrity } from "./store-integrity.ts";

/** WAL corruption with two connections was mended in this version. */
const minSqlite = [3, 51, 3] as const;
const busyTimeoutMs = 10_000;

/**
 * Opens, and creates where there is none, the store of a control plane, and keeps the directory for this process. `database`:
 * the URL of a PostgreSQL database to use instead of the store in the directory. A damaged one is refused; where it is larger than
 * `checkAtOnceBytes`, that shows in its `integrity` later.
 */
export async function openStore(
  directory: string,
  database?: string,
  checkAtOnceBytes = checkedAtStartBytes,
): Promise<Store> {
  prepareDirectory(directory);
  const lock = lockDataDirectory(directory);
  const file = join(directory, "store.sqlite");
  try {
    const store = await (database === undefined ? openChecked(file, checkAtOnceBytes) : openPostgresStore(database));
    return { ...store, close: async () => store.close().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens an existing store beside the control plane that may be using it: for short administrative writes, and to read it. */
export function openExistingStore(
  directory: string,
  database?: string,
  prepare: PrepareTables = migrateExisting,
): Promise<Store> {
  if (database !== undefined) return openPostgresStore(database, { prepare });
  const file = join(directory, "store.sqlite");
  if (!existsSync(file)) {
    throw new StoreError(
      "no-store",
      `There is no store in ${directory}. "tcm start --data ${directory}" makes one; one in PostgreSQL is named by --database or TCM_DATABASE.`,
    );
  }
  return open(file, { prepare });
}

export function openMemoryStore(): Promise<Store> {
  return open(":memory:");
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StoreError(
      "data-directory-unusable",
      `The data directory ${directory} cannot be written: ${words(cause)}.`,
      { cause },
    );
  }
}

async function openChecked(file: string, atOnceBytes: number): Promise<Store> {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size <= atOnceBytes) return open(file, { refuse: refuseDamaged });
  const store = await open(file);
  const check = checkPagesBeside(file);
  void store.integrity?.during(check.damage);
  const close = async (): Promise<void> => {
    check.end();
    await store.close();
  };
  return { ...store, close };
}

type Opening = { readonly refuse?: (database: DatabaseSync) => void; readonly prepare?: PrepareTables };

async function open(file: string, { refuse = () => undefined, prepare = migrate }: Opening = {}): Promise<Store> {
  const database = openSqlite(file, refuse);
  const integrity = new StoreIntegrity();
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(database, (error) => integrity.note(error)) });
  try {
    await prepare(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    transaction: async (work) => {
      integrity.refuseWrites();
      return db.transaction().execute(work);
    },
    signals: localSignals(),
    integrity,
    close: () => db.destroy(),
  };
}

/** Durability rests on these settings, so they are asked for and then read back. */
function openSqlite(file: string, refuse: (database: DatabaseSync) => void): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true, defensive: true });
    refuseForeign(database, file);
    refuse(database);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    assertSettings(database, file);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof StoreError || isDiskFault(cause)) throw cause;
    throw new StoreError(
      "store-not-readable",
      `${file} is not a readable store (${words(cause)}). Nothing was changed. Restore it from a backup, or start with an empty directory.`,
      { cause },
    );
  }
}

/** Before anything is written: what it can still tell must not be lost. */
function refuseDamaged(database: DatabaseSync): void {
  const damage = findDamage(database);
  if (damage !== undefined) throw new Error(`it is damaged: ${damage}`);
}

/** Any program may keep its data in a file of this form, and its tables are not ours to add to. */
function refuseForeign(database: DatabaseSync, file: string): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  if (tables.length === 0 || tables.some(({ name }) => name === "kysely_migration")) return;
  const message = `${file} is a database of another program. Nothing was changed. Choose another directory with --data.`;
  throw new StoreError("store-not-readable", message);
}

function assertSettings(database: DatabaseSync, file: string): void {
  const read = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0];
  const version = String(read("SELECT sqlite_version()"));
  if (isOlder(version.split(".").map(Number), minSqlite)) {
    throw new StoreError(
      "sqlite-unsuitable",
      `SQLite ${version} is too old; ${minSqlite.join(".")} or newer is needed. Use the Node that npm installed.`,
    );
  }
  const journal = read("PRAGMA journal_mode");
  const synchronous = read("PRAGMA synchronous");
  const isDurable = synchronous === 2 && (journal === "wal" || file === ":memory:");
  if (!isDurable) {
    throw new StoreError(
      "sqlite-unsuitable",
      `${file} cannot be made durable here (journal_mode ${String(journal)}, synchronous ${String(synchronous)}). Put it on a local disk.`,
    );
  }
}

function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const difference = than.map((part, i) => (version[i] ?? 0) - part).find((d) => d !== 0) ?? 0;
  return difference < 0;
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
