import { type Kysely, sql } from "kysely";
import type { Database, SchemaStepsTable } from "./schema.ts";
import type { Queries } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** What the migration `name` asks of programs goes with it; the table is made by the first that needs it. */
export async function saveStep(db: Kysely<Database>, step: SchemaStepsTable): Promise<void> {
  await db.schema
    .createTable("schema_steps")
    .ifNotExists()
    .addColumn("migration", "text", (c) => c.primaryKey())
    .addColumn("oldest_code", "text", (c) => c.notNull())
    .execute();
  await db.insertInto("schema_steps").values(step).execute();
}

/** Names of the migrations that a store has seen, oldest first. */
export async function executedSteps(db: Queries): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  return rows.map(({ name }) => name);
}

/**
 * Of migrations that this program does not know, each must say that it may go on. Undefined when it may; the refusal is to be thrown by who starts.
 * `known`: all that it knows, oldest first.
 */
export async function refuseForeignSteps(
  db: Kysely<Database>,
  known: readonly string[],
): Promise<StoreError | undefined> {
  const newest = known.at(-1) ?? "";
  const executed = await executedSteps(db);
  const foreign = executed.filter((name) => !known.includes(name));
  if (foreign.length === 0) return undefined;
  // A store of another line of versions, or one that lacks what this program needs.
  if (foreign.some((name) => name < newest) || known.some((name) => !executed.includes(name))) return tooNew();
  const steps = await readSteps(db);
  const mayGoOn = foreign.every((name) => {
    const oldest = steps.find(({ migration }) => migration === name)?.oldest_code;
    return oldest !== undefined && oldest <= newest;
  });
  return mayGoOn ? undefined : tooNew();
}

/** Stores older than the table have none. */
async function readSteps(db: Kysely<Database>): Promise<readonly SchemaStepsTable[]> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === "schema_steps")) return [];
  return db.selectFrom("schema_steps").selectAll().execute();
}

function tooNew(): StoreError {
  return new StoreError(
    "store-too-new",
    "The store was changed by a newer version of the product, and this one cannot use it any more. Start the newer version; nothing was changed.",
  );
}
