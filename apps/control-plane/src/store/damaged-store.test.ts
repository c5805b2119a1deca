import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { writeBackup } from "../backup/write-backup.ts";
import { explainFailure } from "../explain-failure.ts";
import { storeFault } from "../operations/store-fault.ts";
import { emptyIndexPage, overwriteTable } from "../testing/overwrite-table.ts";
import { type CheckedParts, readinessChecks } from "../observability/readiness-checks.ts";
import { checkPagesBeside } from "./check-pages.ts";
import { openExistingStore, openStore } from "./open-store.ts";
import { transaction } from "./store.ts";
import { StoreIntegrity } from "./store-integrity.ts";

async function damagedStore(): Promise<{ readonly directory: string; readonly file: string }> {
  const directory = temporaryDirectory();
  await (await openStore(directory)).close();
  const file = join(directory, "store.sqlite");
  overwriteTable(file, "meta");
  return { directory, file };
}

describe("a store of which a page was overwritten", () => {
  test("is refused at the start, in words, and nothing is changed", async () => {
    const { directory, file } = await damagedStore();
    const before = readFileSync(file);
    const refusal: unknown = await openStore(directory).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "store-not-readable" });
    expect(explainFailure(refusal)).toMatch(/is not a readable store \(it is damaged: .*Nothing was changed/);
    expect(readFileSync(file)).toEqual(before);
  });

  test("is opened where it is large, and found out beside that, once", async () => {
    const { directory } = await damagedStore();
    const store = await openStore(directory, undefined, 0);
    const told: string[] = [];
    store.integrity?.onDamage((damage) => told.push(damage));
    expect(store.integrity?.isLooking).toBe(true);
    await expect.poll(() => store.integrity?.damage, { timeout: 60_000 }).toMatch(/Tree|malformed/);
    expect(store.integrity?.isLooking).toBe(false);
    await expect(sql`SELECT * FROM meta`.execute(store.db)).rejects.toThrow(/malformed/);
    expect(told).toHaveLength(1);
    await store.close();
  });

  test("is found out by the first statement that meets it, too, and that is no bug", async () => {
    const directory = temporaryDirectory();
    const store = await openStore(directory);
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
    overwriteTable(join(directory, "store.sqlite"), "meta");
    await sql`PRAGMA shrink_memory`.execute(store.db);
    expect(store.integrity?.damage).toBeUndefined();
    const error: unknown = await sql`SELECT * FROM meta`.execute(store.db).catch((thrown: unknown) => thrown);
    expect(storeFault(error)).toMatchObject({ slug: "store-damaged" });
    expect(store.integrity?.damage).toMatch(/malformed/);
    await store.close();
  });
});

describe("a store that is known to be damaged", () => {
  test("takes no more writes, which the restore would lose, and is read on", async () => {
    const store = await openStore(temporaryDirectory());
    const write = () =>
      transaction(store, (queries) => queries.insertInto("meta").values({ key: "after", value: "1" }).execute());
    const keys = async () => (await store.db.selectFrom("meta").select("key").execute()).map(({ key }) => key);
    store.integrity?.found("Tree 4 page 4: btreeInitPage() returns error code 11");
    const refusal: unknown = await write().catch((error: unknown) => error);
    expect(storeFault(refusal)).toMatchObject({ slug: "store-damaged" });
    expect(await keys()).not.toContain("after");
    await store.close();
  });
});

describe("pages that could not be looked at", () => {
  const remarkOf = (integrity: StoreIntegrity) =>
    readinessChecks({
      context: { store: { integrity }, validation: undefined },
      nodePort: { isListening: () => true },
    } as unknown as CheckedParts)["storeIntact"]?.remark?.();

  test("are not taken for sound: that is told, once, and ready says so", async () => {
    const integrity = new StoreIntegrity();
    const told: string[] = [];
    integrity.onFailure(({ message }) => told.push(message));
    await integrity.during(Promise.reject(new Error("the process was killed")));
    expect(told).toEqual(["the process was killed"]);
    expect(integrity).toMatchObject({ isLooking: false, damage: undefined });
    expect(remarkOf(integrity)).toBe("The pages of the store could not be looked at.");
    // Who comes late is told too.
    integrity.onFailure(({ message }) => told.push(message));
    expect(told).toHaveLength(2);
  });

  test("since the store was closed are no news", async () => {
    const integrity = new StoreIntegrity();
    const check = checkPagesBeside(join(temporaryDirectory(), "none.sqlite"));
    const look = integrity.during(check.damage);
    expect(remarkOf(integrity)).toBe("Every page of the store is being looked at.");
    check.end();
    await look;
    expect(integrity.failure).toBeUndefined();
    expect(remarkOf(integrity)).toBeUndefined();
  });
});

describe("a backup of a store of which an index has lost its rows", () => {
  test("is refused, though every page is sound: it would lack them", async () => {
    const directory = temporaryDirectory();
    const store = await openStore(directory);
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
    await store.close();
    overwriteTable(join(directory, "store.sqlite"), "sqlite_autoindex_kysely_migration_1", emptyIndexPage);
    const damaged = await openExistingStore(directory);
    const backup = join(directory, "a.backup");
    await expect(writeBackup(damaged, new Uint8Array(32), backup, "2026-06-01T00:00:00.000000Z")).rejects.toThrow(
      /The store is damaged \(.*index.*no backup was written/,
    );
    expect(existsSync(backup)).toBe(false);
    await damaged.close();
  });
});

describe("a sound store", () => {
  test("that is large is looked at beside what is done with it, and closing it waits for nothing", async () => {
    const directory = temporaryDirectory();
    await (await openStore(directory)).close();
    const store = await openStore(directory, undefined, 0);
    await expect.poll(() => store.integrity?.isLooking, { timeout: 60_000 }).toBe(false);
    expect(store.integrity?.damage).toBeUndefined();
    await store.close();
    const again = await openStore(directory, undefined, 0);
    await again.close();
    await expect.poll(() => again.integrity?.isLooking, { timeout: 60_000 }).toBe(false);
    expect(again.integrity?.damage).toBeUndefined();
  });
});
