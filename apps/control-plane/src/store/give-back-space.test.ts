import { statSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { sql } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { giveBackSpace } from "./give-back-space.ts";
import { openStore } from "./open-store.ts";

const megabyte = 1024 * 1024;

/** A store of `kept` megabytes, in whose file as many are free as were `deleted`. */
async function storeWith(deleted: number, kept: number) {
  const directory = temporaryDirectory();
  const store = await openStore(directory);
  onTestFinished(() => store.close());
  const { db } = store;
  const insert = (key: string, size: number) =>
    db
      .insertInto("meta")
      .values({ key, value: "v".repeat(size * megabyte) })
      .execute();
  await insert("deleted", deleted);
  await insert("kept", kept);
  await db.deleteFrom("meta").where("key", "=", "deleted").execute();
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(db);
  const fileBytes = (): number => statSync(join(directory, "store.sqlite")).size;
  return { db, fileBytes };
}

describe("space that is free in the file of the embedded store", () => {
  test("goes back to the disk when it is most of the file, and nothing else changes", async () => {
    const { db, fileBytes } = await storeWith(6, 2);
    const before = fileBytes();
    const given = await giveBackSpace(db, { minBytes: 4 * megabyte });
    expect(before - fileBytes()).toBe(given);
    expect(given).toBeGreaterThan(5 * megabyte);
    const row = await db.selectFrom("meta").selectAll().where("key", "=", "kept").executeTakeFirstOrThrow();
    expect(row.value).toHaveLength(2 * megabyte);
    const { rows } = await sql`PRAGMA integrity_check`.execute(db);
    expect(rows).toEqual([{ integrity_check: "ok" }]);
    expect(await giveBackSpace(db, { minBytes: 4 * megabyte })).toBe(0);
  });

  test.each([
    ["too little of it", 6, 2, 8],
    ["less than half of the file", 4, 6, 1],
  ])("stays for what comes: %s", async (_what, deleted, kept, minBytes) => {
    const { db, fileBytes } = await storeWith(deleted, kept);
    const before = fileBytes();
    expect(await giveBackSpace(db, { minBytes: minBytes * megabyte })).toBe(0);
    expect(fileBytes()).toBe(before);
  });

  test("stays when it cannot be done, which is thrown, and the store is as it was", async () => {
    const { db, fileBytes } = await storeWith(6, 2);
    const before = fileBytes();
    // SQLite refuses it within a transaction; a disk without room is tested with such a disk.
    await db.connection().execute(async (busy) => {
      await sql`BEGIN IMMEDIATE`.execute(busy);
      await expect(giveBackSpace(busy, { minBytes: 4 * megabyte })).rejects.toThrow();
      await sql`ROLLBACK`.execute(busy);
    });
    expect(fileBytes()).toBe(before);
    expect(await db.selectFrom("meta").select("key").where("key", "=", "kept").execute()).toHaveLength(1);
  });
});
