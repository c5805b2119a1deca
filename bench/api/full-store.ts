import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type StoreSize = { readonly sets: number; readonly versions: number };

/**
 * Multiplies what the API wrote: set 1 with its version 1 becomes `sets` sets of `versions` versions each. Done by SQL, since
 * the API would take hours for six million certificates; nothing may have the store open.
 */
export function fillStore(directory: string, { sets, versions }: StoreSize): void {
  const database = new DatabaseSync(join(directory, "store.sqlite"));
  database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN");
  const setSeries = `WITH RECURSIVE ${series("s", 2, sets)}`;
  copyRows(database, "ca_sets", setSeries, "s", { id: "s.n", name: "'bench-' || s.n" }, "t.id = 1");
  database.exec(`UPDATE ca_sets SET last_version = ${versions}`);
  const pairs = `WITH RECURSIVE ${series("s", 1, sets)}, ${series("v", 1, versions)}`;
  const others = "t.ca_set_id = 1 AND t.version = 1 AND NOT (s.n = 1 AND v.n = 1)";
  const numbered = { ca_set_id: "s.n", version: "v.n" };
  const digest = { content_digest: "'bench-' || v.n" };
  copyRows(database, "ca_set_versions", pairs, "s CROSS JOIN v", { ...numbered, ...digest }, others);
  copyRows(database, "ca_set_version_certificates", pairs, "s CROSS JOIN v", numbered, others);
  database.exec("COMMIT");
  database.close();
}

function series(name: string, from: number, to: number): string {
  return `${name}(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${to})`;
}

function copyRows(
  database: DatabaseSync,
  table: string,
  withSeries: string,
  from: string,
  replaced: Readonly<Record<string, string>>,
  where: string,
): void {
  const rows = database.prepare(`PRAGMA table_info(${table})`).all();
  const columns = rows.map(({ name }) => String(name));
  const values = columns.map((column) => replaced[column] ?? `t."${column}"`).join(", ");
  const names = columns.map((column) => `"${column}"`).join(", ");
  database.exec(
    `${withSeries} INSERT INTO ${table} (${names}) SELECT ${values} FROM ${from} CROSS JOIN ${table} AS t WHERE ${where}`,
  );
}
