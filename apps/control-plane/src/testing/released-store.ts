import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { migrationSteps } from "../store/migrate.ts";
import type { Database } from "../store/schema.ts";
import { releasedRows, type Row, type Rows, textRows } from "./released-rows.ts";

export const releasedMigrations = Object.keys(migrationSteps);

/** Makes an empty store into one as the program with that many migrations left it, with rows in every table. */
export async function makeReleasedStore(db: Kysely<Database>, migrations: number): Promise<void> {
  const steps = Object.entries(migrationSteps).slice(0, migrations);
  const known: Record<string, Migration> = Object.fromEntries(steps.map(([name, { up }]) => [name, { up }]));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateToLatest();
  if (error !== undefined) throw error;
  for (const { table, rows } of rowsOf(migrations)) for (const row of rows) await insert(db, table, row);
}

function rowsOf(migrations: number): readonly Rows[] {
  const there = releasedRows.filter(({ since }) => since <= migrations);
  return migrations < 5 ? there : there.flatMap((one) => (one.table === memberTable ? textRows : [one]));
}

const memberTable = "ca_set_version_certificates";

async function insert(db: Kysely<Database>, table: string, row: Row): Promise<void> {
  const names = sql.join(Object.keys(row).map((column) => sql.ref(column)));
  await sql`INSERT INTO ${sql.table(table)} (${names}) VALUES (${sql.join(Object.values(row))})`.execute(db);
}

/** All rows of all tables; members of versions with their texts, wherever the store keeps them. */
export async function everyRow(db: Kysely<Database>): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const all = await db.introspection.getTables();
  const tables = all.filter(({ isView, name }) => !isView && name !== "schema_steps").map(({ name }) => name);
  const found: Record<string, readonly unknown[]> = {};
  for (const table of tables.filter((name) => !movedTables.has(name)))
    found[table] = (await sql`SELECT * FROM ${sql.table(table)} ORDER BY 1, 2`.execute(db)).rows;
  const from = tables.includes(memberTable)
    ? sql`ca_set_version_certificates AS member`
    : sql`ca_set_version_members AS member JOIN certificate_texts AS text ON text.id = member.text_id`;
  const pem = tables.includes(memberTable) ? sql`certificate_pem` : sql`pem`;
  found["members"] = (
    await sql`SELECT ca_set_id, version, position, fingerprint, ${pem} AS pem, description, created_at, created_by
              FROM ${from} ORDER BY ca_set_id, version, position`.execute(db)
  ).rows;
  return found;
}

const movedTables: ReadonlySet<string> = new Set([memberTable, "ca_set_version_members", "certificate_texts"]);
