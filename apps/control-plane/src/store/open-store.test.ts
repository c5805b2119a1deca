import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openExistingStore, openMemoryStore, openStore } from "./open-store.ts";

const failure = (code: string) => expect.objectContaining({ name: "StoreError", code }) as Error;

function tablesOf(file: string): readonly unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  database.close();
  return rows.map(({ name }) => name);
}

function makeDatabase(directory: string, sql: string): string {
  const file = join(directory, "store.sqlite");
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
  return file;
}

describe("a data directory belongs to one process", () => {
  test("a second one is refused, also when it asks twice, and gets it once the first has ended", async () => {
    const directory = temporaryDirectory();
    const first = await openStore(directory);
    await expect(openStore(directory)).rejects.toThrow(failure("data-directory-in-use"));
    await expect(openStore(directory)).rejects.toThrow(failure("data-directory-in-use"));
    await first.close();
    await (await openStore(directory)).close();
  });

  test("a store that cannot be opened does not keep the directory", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "store.sqlite"), "garbage ".repeat(1_000));
    for (let i = 0; i < 2; i++) await expect(openStore(directory)).rejects.toThrow(failure("store-not-readable"));
  });

  test("short administrative writes may come from another process meanwhile", async () => {
    const directory = temporaryDirectory();
    const store = await openStore(directory);
    const beside = await openExistingStore(directory);
    await beside.db.insertInto("meta").values({ key: "k", value: "v" }).execute();
    const rows = await store.db.selectFrom("meta").selectAll().where("key", "=", "k").execute();
    expect(rows).toEqual([{ key: "k", value: "v" }]);
    await beside.close();
    await store.close();
  });

  test("a damaged lock file is told from a directory in use", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "lock.sqlite"), "no database ".repeat(1_000));
    await expect(openStore(directory)).rejects.toThrow(failure("data-directory-unusable"));
  });

  test("a directory that cannot be made is refused", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    await expect(openStore(join(file, "below"))).rejects.toThrow(failure("data-directory-unusable"));
  });
});

describe("durability is a setting that is read back", () => {
  test("write-ahead log, full synchronisation, foreign keys", async () => {
    const directory = temporaryDirectory();
    const store = await openStore(directory);
    await store.close();
    expect(statSync(join(directory, "store.sqlite")).size).toBeGreaterThan(0);
    const database = new DatabaseSync(join(directory, "store.sqlite"));
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    database.close();
  });

  test("a table row cannot refer to what is not there", async () => {
    const store = await openMemoryStore();
    const orphan = { ca_set_id: 1, network: "STAGING", active_version: 1, activation_id: 1 } as const;
    await expect(store.db.insertInto("ca_set_networks").values(orphan).execute()).rejects.toThrow(/FOREIGN KEY/);
    await store.close();
  });
});

describe("a store that is not ours, or not of today", () => {
  test("the database of another program is left alone", async () => {
    const directory = temporaryDirectory();
    const file = makeDatabase(directory, "CREATE TABLE holidays (place TEXT); INSERT INTO holidays VALUES ('Oslo')");
    const before = readFileSync(file);
    await expect(openStore(directory)).rejects.toThrow(failure("store-not-readable"));
    expect(readFileSync(file)).toEqual(before);
  });

  test("one that a newer version has changed is refused and not touched", async () => {
    const directory = temporaryDirectory();
    await (await openStore(directory)).close();
    const file = join(directory, "store.sqlite");
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO kysely_migration VALUES ('9999-from-the-future', '2030-01-01T00:00:00.000Z')");
    database.close();
    const before = tablesOf(file);
    await expect(openStore(directory)).rejects.toThrow(failure("store-too-new"));
    await expect(openExistingStore(directory)).rejects.toThrow(failure("store-too-new"));
    expect(tablesOf(file)).toEqual(before);
  });

  test("a migration that fails on its way leaves nothing of itself", async () => {
    const directory = temporaryDirectory();
    // As if another hand had made one of the last tables of the first migration.
    const file = makeDatabase(
      directory,
      "CREATE TABLE kysely_migration (name varchar(255) PRIMARY KEY, timestamp varchar(255)); CREATE TABLE activities (x TEXT)",
    );
    await expect(openStore(directory)).rejects.toThrow(failure("store-not-readable"));
    expect(tablesOf(file)).not.toContain("ca_sets");
  });

  test("an existing one is asked for where there is none", async () => {
    await expect((async () => openExistingStore(temporaryDirectory()))()).rejects.toThrow(failure("no-store"));
  });
});
