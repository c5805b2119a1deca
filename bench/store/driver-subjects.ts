import { DatabaseSync } from "node:sqlite";
import { Pool } from "pg";
import { at, mark, type Subject } from "./subject.ts";

const activity = `INSERT INTO activities (ca_set_id, type, network, version, at, "by") VALUES (1, '${mark}', NULL, 1, '${at}', '${mark}')`;
const event = `INSERT INTO events (type, data, at) VALUES ('${mark}', '{}', '${at}')`;
const change = `UPDATE ca_sets SET modified_at = '${at}' WHERE id = 1`;
const members = (set: string, version: string): string => `
  SELECT t.pem, m.description, m.created_at, m.created_by, c.facts FROM ca_set_version_members AS m
  JOIN certificate_texts AS t ON t.id = m.text_id JOIN certificates AS c ON c.fingerprint = t.fingerprint
  WHERE m.ca_set_id = ${set} AND m.version = ${version} ORDER BY m.position`;

export type DriverSubject = Subject & { close(): Promise<void> };

/** Prepared once, with the same settings of durability. */
export function sqliteSubject(file: string): DriverSubject {
  const database = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: true });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  const statements = ["BEGIN IMMEDIATE", activity, event, change, "COMMIT"].map((sql) => database.prepare(sql));
  const read = database.prepare(members("?", "?"));
  return {
    name: "node:sqlite",
    write: async () => {
      for (const statement of statements) statement.run();
    },
    read: async (caSetId, version) => decoded(read.all(caSetId, version)),
    close: async () => database.close(),
  };
}

export function postgresSubject(url: string): DriverSubject {
  const pool = new Pool({ connectionString: url, max: 10 });
  return {
    name: "pg",
    write: async () => {
      const client = await pool.connect();
      for (const sql of ["BEGIN", activity, event, change, "COMMIT"]) await client.query(sql);
      client.release();
    },
    read: async (caSetId, version) => {
      const query = { name: "members", text: members("$1", "$2"), values: [caSetId, version] };
      return decoded((await pool.query<Record<string, unknown>>(query)).rows);
    },
    close: () => pool.end(),
  };
}

function decoded(rows: readonly Record<string, unknown>[]): number {
  return rows.map(({ facts, ...row }) => ({ ...row, ...(JSON.parse(String(facts)) as object) })).length;
}
