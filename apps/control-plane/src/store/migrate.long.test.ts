import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { describeMigrations, opened, type Place } from "../testing/migration-suite.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";
import { everyRow, makeReleasedStore } from "../testing/released-store.ts";
import { migrate } from "./migrate.ts";
import { openPostgresStore } from "./open-postgres.ts";
import type { Database } from "./schema.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: migrations on PostgreSQL (${missing})`);

describe.skipIf(missing !== undefined)("migrations on a server", () => {
  let server: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());

  const postgres = async (): Promise<Place> => {
    const url = await server.createDatabase(`migrations_${count++}`);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }) });
    onTestFinished(() => db.destroy());
    return { db, open: (prepare = migrate) => openPostgresStore(url, { prepare }) };
  };

  describeMigrations("PostgreSQL", postgres);

  test.each([0, 4])("four that start at once on a store with %i migrations wait for each other", async (migrations) => {
    const shared = await postgres();
    if (migrations > 0) await makeReleasedStore(shared.db, migrations);
    const before = migrations > 0 ? await everyRow(shared.db) : { members: [] };
    const stores = await Promise.all([1, 2, 3, 4].map(() => opened(shared)));
    for (const { db } of stores) expect((await everyRow(db))["members"]).toEqual(before["members"]);
  });

  test("a program of 0004 that is at work goes on writing, reading and deleting members", async () => {
    const shared = await postgres();
    await makeReleasedStore(shared.db, 4);
    const { db } = await opened(shared);
    const old = shared.db;
    await sql`INSERT INTO ca_set_version_certificates
      (ca_set_id, version, position, fingerprint, certificate_pem, description, created_at, created_by)
      VALUES (1, 2, 2, 'a1', 'text of a' || chr(13) || chr(10), NULL, 'x', 'old'), (1, 2, 3, 'b2', 'fresh', 'd', 'x', 'old')`.execute(
      old,
    );
    const members = (await everyRow(db))["members"];
    expect(members).toHaveLength(6);
    expect(members?.slice(4)).toMatchObject([
      { fingerprint: "a1", pem: "text of a\r\n", created_by: "old" },
      { fingerprint: "b2", pem: "fresh", description: "d" },
    ]);
    expect(await db.selectFrom("certificate_texts").select("id").execute()).toHaveLength(4);
    const read = sql<object>`SELECT member.certificate_pem, certificates.facts FROM ca_set_version_certificates AS member
      INNER JOIN certificates ON certificates.fingerprint = member.fingerprint
      WHERE member.ca_set_id = 1 AND member.version = 2 ORDER BY member.position`;
    expect((await read.execute(old)).rows.map((row) => (row as { certificate_pem: string }).certificate_pem)).toEqual([
      "text of b\n",
      "  other text of a ☂\n",
      "text of a\r\n",
      "fresh",
    ]);
    await sql`DELETE FROM ca_set_version_certificates WHERE ca_set_id = 1 AND version = 2`.execute(old);
    expect((await everyRow(db))["members"]).toHaveLength(2);
  });
});
