import { Kysely, PostgresDialect, type Transaction } from "kysely";
import { type CustomTypesConfig, types } from "pg";
import { lockWriters } from "./lock-writers.ts";
import { migrate, type PrepareTables } from "./migrate.ts";
import { readFailover } from "./postgres-failover.ts";
import { openServers, type PostgresServers } from "./postgres-servers.ts";
import { PostgresSignals } from "./postgres-signals.ts";
import type { Database } from "./schema.ts";
import type { Store } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** Older servers lack nothing that we use, but their maintainers have left them. */
const minServerVersion = 150_000;
const connections = 10;
const connectTimeoutMs = 10_000;
/** Longer than any query of ours; a connection that hangs in the network ends. */
const statementTimeoutMs = 60_000;
/** Longer than any pause between two statements of ours: one that was stopped, or whose machine is gone, holds up the others no longer. */
const idleInTransactionMs = 10_000;
/** Longer than a server that is there takes to end a statement. */
const usualMaxSilenceMs = statementTimeoutMs + 5_000;

export type PostgresOpening = { readonly maxSilenceMs?: number; readonly prepare?: PrepareTables };

/**
 * Opens a PostgreSQL database, which several control planes may share, and brings its tables up to date. The URL may name several
 * servers, of which the one that takes writes is used.
 */
export async function openPostgresStore(
  url: string,
  { maxSilenceMs = usualMaxSilenceMs, prepare = migrate }: PostgresOpening = {},
): Promise<Store> {
  const servers = openServers(url, {
    maxSilenceMs,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    application_name: "trust-chain-manager",
    types: { getTypeParser: parserOf },
  });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: servers }) });
  try {
    await assertServer(servers);
    await prepareAlone(url, prepare);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const signals = new PostgresSignals(servers);
  return {
    db,
    transaction: oneAfterAnother(db),
    signals,
    failover: () => readFailover(servers),
    close: async () => {
      await signals.close();
      await db.destroy();
    },
  };
}

/** On connections without a limit of time: a migration may move much, and the other processes that start meanwhile wait for it. */
async function prepareAlone(url: string, prepare: PrepareTables): Promise<void> {
  const pool = openServers(url, { max: 1, connectionTimeoutMillis: connectTimeoutMs, maxSilenceMs: 0 });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await prepare(db);
  } finally {
    await db.destroy();
  }
}

type ParserOf = NonNullable<CustomTypesConfig["getTypeParser"]>;

/** count(*) is a bigint, and none of ours comes near 2^53. */
const parserOf: ParserOf = (oid, format) =>
  oid === types.builtins.INT8 && format !== "binary" ? Number : (types.getTypeParser(oid, format) as never);

async function assertServer(pool: PostgresServers): Promise<void> {
  let version: number;
  let durable: boolean;
  try {
    const { rows } = await pool.query<{ version: string; fsync: string; commit: string }>(
      "SELECT current_setting('server_version_num') AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
    );
    version = Number(rows[0]?.version);
    durable = rows[0]?.fsync === "on" && rows[0].commit !== "off";
  } catch (cause) {
    const words =
      cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
    throw new StoreError(
      "database-unreachable",
      `The database cannot be reached: ${words}. Check the URL and that the server runs.`,
      { cause },
    );
  }
  if (version < minServerVersion) {
    throw new StoreError(
      "database-unsuitable",
      `The server is PostgreSQL ${Math.floor(version / 10_000)}; 15 or newer is needed.`,
    );
  }
  if (!durable) {
    throw new StoreError(
      "database-unsuitable",
      "The server acknowledges commits that are not on disk (fsync or synchronous_commit is off). Turn both on.",
    );
  }
}

/** By whoever writes rows without a transaction of this kind: a second try gets through. */
const retried: ReadonlySet<string> = new Set(["40001", "40P01"]);
const maxTries = 5;

type Work<T> = (queries: Transaction<Database>) => Promise<T>;

/**
 * Transactions of all processes run one after the other. The audit record makes a row of them anyway: each continues the one
 * before, so that serializable ones would fail and begin again most of the time. Within a process only one of them has a
 * connection, and readers have the others.
 */
function oneAfterAnother(db: Kysely<Database>): <T>(work: Work<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(() => exclusively(db, work));
    last = run.catch(() => undefined);
    return run;
  };
}

/** Every statement sees what was committed before it, and the lock is the first: `work` sees all that came before, as in SQLite. */
async function exclusively<T>(db: Kysely<Database>, work: Work<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db
        .transaction()
        .setIsolationLevel("read committed")
        .execute(async (queries) => {
          await lockWriters(queries);
          return work(queries);
        });
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code === undefined || !retried.has(code) || attempt === maxTries) throw error;
    }
  }
}
