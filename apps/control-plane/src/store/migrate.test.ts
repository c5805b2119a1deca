import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@tcm/testkit";
import { Kysely } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { runTokenMain } from "../testing/control-plane-process.ts";
import { describeMigrations, type Place } from "../testing/migration-suite.ts";
import { everyRow, makeReleasedStore, releasedMigrations } from "../testing/released-store.ts";
import { migrate, migrationSteps } from "./migrate.ts";
import { openExistingStore } from "./open-store.ts";
import type { Database } from "./schema.ts";
import { NodeSqliteDialect } from "./sqlite-adapter.ts";

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
  return { db, open: (prepare = migrate) => openExistingStore(directory, undefined, prepare) };
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
