import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@tcm/testkit";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runTokenMain } from "../testing/control-plane-process.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";
import { everyRow, makeReleasedStore, releasedMigrations } from "../testing/released-store.ts";
import { type MigrationSteps, migrate, migrationSteps } from "./migrate.ts";
import { openPostgresStore } from "./open-postgres.ts";
import { openExistingStore } from "./open-store.ts";
import type { Database } from "./schema.ts";
import { NodeSqliteDialect } from "./sqlite-adapter.ts";
import type { Store } from "./store.ts";

/** An empty database: as a program of old sees it, and as today's opens it. */
type Place = { readonly db: Kysely<Database>; readonly open: () => Promise<Store> };

const tooNew = expect.objectContaining({ name: "StoreError", code: "store-too-new" }) as Error;

async function opened(place: Place): Promise<Store> {
  const store = await place.open();
  onTestFinished(() => store.close());
  return store;
}

function describeMigrations(name: string, place: () => Promise<Place>): void {
  describe(`a store of every released version, on ${name}`, () => {
    test.each(
      releasedMigrations.map((migration, i) => [migration, i + 1] as const),
    )("of %s is opened by today's program with nothing lost", async (_migration, count) => {
      const old = await place();
      await makeReleasedStore(old.db, count);
      const before = await everyRow(old.db);
      const { db } = await opened(old);
      const after = await everyRow(db);
      expect(Object.keys(before).length).toBeGreaterThan(10);
      for (const [table, rows] of Object.entries(before)) expect(after[table], table).toMatchObject(rows as object[]);
      const set = { name: "next", status: "NOT_DELETED" as const, last_version: 0, description: null };
      const rest = { name_frozen_at: null, deleted_at: null, deleted_by: null, removal_at: null };
      const times = { created_at: "x", created_by: "x", modified_at: "x" };
      const fresh = db.insertInto("ca_sets").values({ ...set, ...rest, ...times });
      expect((await fresh.returning("id").executeTakeFirstOrThrow()).id).toBe(3);
    });

    test("texts that were kept with each version are kept once, under their SHA-256", async () => {
      const old = await place();
      await makeReleasedStore(old.db, 4);
      const { db } = await opened(old);
      const texts = await db.selectFrom("certificate_texts").selectAll().orderBy("id").execute();
      expect(texts.map(({ pem }) => pem)).toEqual(["text of a\r\n", "text of b\n", "  other text of a ☂\n"]);
      for (const { pem, sha256 } of texts) expect(sha256).toBe(createHash("sha256").update(pem).digest("hex"));
      expect(texts.map(({ fingerprint }) => fingerprint)).toEqual(["a1", "b2", "a1"]);
    });
  });

  describe(`programs of several versions on ${name}`, () => {
    const later = (oldestCode: string): MigrationSteps => {
      const up = async (db: Kysely<unknown>): Promise<void> =>
        db.schema.alterTable("ca_sets").addColumn("later", "text").execute();
      return { ...migrationSteps, "9999-later": { up, oldestCode } };
    };

    test("one goes on, and starts, on tables of a newer one that says so", async () => {
      const shared = await place();
      await migrate(shared.db, later(releasedMigrations.at(-1) ?? ""));
      const { db } = await opened(shared);
      expect(await db.selectFrom("ca_sets").selectAll().execute()).toEqual([]);
    });

    test("it refuses those that ask for a newer program, and leaves them alone", async () => {
      const shared = await place();
      await migrate(shared.db, later("9999-later"));
      const before = await everyRow(shared.db);
      await expect(shared.open()).rejects.toThrow(tooNew);
      expect(await everyRow(shared.db)).toEqual(before);
    });

    test("and those of another line of versions, which lack what it needs", async () => {
      const shared = await place();
      const { "0005-certificate-texts": _, ...others } = later("0004-node-connections");
      await migrate(shared.db, others);
      await expect(shared.open()).rejects.toThrow(tooNew);
    });
  });
}

describe("the rule of rolling upgrades", () => {
  test.each(Object.entries(migrationSteps).slice(1))("%s lets the version before go on", (name, { oldestCode }) => {
    expect(releasedMigrations).toContain(oldestCode);
    expect(oldestCode < name, "or it takes two releases: add first, take away in the next").toBe(true);
  });
});

async function sqlite(): Promise<Place> {
  const directory = temporaryDirectory();
  const database = new DatabaseSync(join(directory, "store.sqlite"), { enableForeignKeyConstraints: true });
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(database) });
  onTestFinished(() => db.destroy());
  return { db, open: () => openExistingStore(directory) };
}

describeMigrations("SQLite", sqlite);

describe("starts at the same time, on SQLite", () => {
  test("three processes bring one store of old up to date, one after the other", async () => {
    const directory = temporaryDirectory();
    const database = new DatabaseSync(join(directory, "store.sqlite"));
    const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(database) });
    await makeReleasedStore(db, 4);
    const before = await everyRow(db);
    await db.destroy();
    const runs = await Promise.all([1, 2, 3].map(() => runTokenMain("--role", "viewer", "--data", directory)));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, ""]));
    const store = await openExistingStore(directory);
    onTestFinished(() => store.close());
    const after = await everyRow(store.db);
    expect(after["members"]).toEqual(before["members"]);
    expect(after["api_tokens"]).toHaveLength(4);
  });
});

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
    return { db, open: () => openPostgresStore(url) };
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
