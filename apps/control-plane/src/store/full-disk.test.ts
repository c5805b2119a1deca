import { temporaryDirectory } from "@tcm/testkit";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openStore } from "./open-store.ts";

describe("a full disk", () => {
  test("refuses a write as a whole, reads go on, and with space so do writes", async () => {
    const store = await openStore(temporaryDirectory());
    const insert = (key: string, size: number) =>
      store.transaction(async (queries) => {
        await queries
          .insertInto("meta")
          .values({ key: `${key}-first`, value: "x" })
          .execute();
        await queries
          .insertInto("meta")
          .values({ key, value: "v".repeat(size) })
          .execute();
      });
    await insert("before", 10);
    // SQLite answers the same when the file system has no more room.
    const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(store.db);
    await sql.raw(`PRAGMA max_page_count = ${rows[0]?.page_count}`).execute(store.db);
    await expect(insert("full", 1_000_000)).rejects.toThrow(/full/);
    const keys = async () =>
      (await store.db.selectFrom("meta").select("key").orderBy("key").execute()).map((r) => r.key);
    expect(await keys()).toEqual(["before", "before-first"]);
    await sql.raw("PRAGMA max_page_count = 1000000").execute(store.db);
    await insert("after", 1_000_000);
    expect(await keys()).toEqual(["after", "after-first", "before", "before-first"]);
    await store.close();
  });
});
