import { Kysely, PostgresDialect, type Transaction } from "kysely";
import { type CustomTypesConfig, Pool, types } from "pg";
import { migrate } from "./migrate.ts";
import { readFailover } from "./postgres-failover.ts";
import { postgresSignals } from "./postgres-signals.ts";
import type { Database } from "./schema.ts";
import type { Store } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** Older servers lack nothing that we use, but their maintainers have left them. */
const minServerVersion = 150_000;
const connections = 10;
const connectTimeoutMs = 10_000;
/** Longer than any query of ours; a connection that hangs in the network ends. */
const statementTimeoutMs = 60_000;

/** Opens a PostgreSQL database, which several control planes may share, and brings its tables up to date. */
export async function openPostgresStore(url: string): Promise<Store> {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: "trust-chain-manager",
    types: { getTypeParser: parserOf },
  });
  // An idle connection that the server drops is replaced at the next query.
  pool.on("error", () => undefined);
  // One that breaks between two queries of a transaction says so to nobody else; the next query on it fails.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await assertServer(pool);
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const signals = postgresSignals(url, pool);
  return {
    db,
    transaction: (work) => serializable(db, work),
    signals,
    failover: () => readFailover(pool),
    close: async () => {
      await signals.close();
      await db.destroy();
    },
  };
}

type ParserOf = NonNullable<CustomTypesConfig["getTypeParser"]>;

/** count(*) is a bigint, and none of ours comes near 2^53. */
const parserOf: ParserOf = (oid, format) =>
  oid === types.builtins.INT8 && format !== "binary" ? Number : (types.getTypeParser(oid, format) as never);

async function assertServer(pool: Pool): Promise<void> {
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

/** serialization_failure, deadlock_detected, and unique_violation by a row that came in between: a second look decides. */
const retried: ReadonlySet<string> = new Set(["40001", "40P01", "23505"]);
const maxTries = 12;

async function serializable<T>(db: Kysely<Database>, work: (queries: Transaction<Database>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().setIsolationLevel("serializable").execute(work);
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code === undefined || !retried.has(code) || attempt === maxTries) throw error;
      // Two that collide must not meet again at once.
      await new Promise((resume) => setTimeout(resume, Math.random() * 5 * 2 ** Math.min(attempt, 6)));
    }
  }
}
