import { describe, expect, test } from "vitest";
import { storeFault, writeIfPossible } from "./store-fault.ts";

const fault = (members: object, message = "something") => Object.assign(new Error(message), members);

describe("a fault of the store is told from a bug", () => {
  test.each([
    ["SQLITE_FULL", { errcode: 13 }, "store-not-writable", /^The disk of the store is full\. Nothing was changed/],
    ["SQLITE_READONLY_DBMOVED", { errcode: 1032 }, "store-not-writable", /may not be written/],
    ["SQLITE_IOERR_WRITE", { errcode: 778 }, "store-not-writable", /takes no writes/],
    ["SQLITE_IOERR_FSYNC", { errcode: 1034 }, "store-not-writable", /takes no writes/],
    ["SQLITE_BUSY", { errcode: 5 }, "store-not-writable", /Another process/],
    ["SQLITE_IOERR_READ", { errcode: 266 }, "store-not-available", /cannot be read/],
    ["SQLITE_CORRUPT", { errcode: 11 }, "store-damaged", /damaged.*restore the last backup/],
    ["SQLITE_CORRUPT_INDEX", { errcode: 779 }, "store-damaged", /damaged/],
    ["SQLITE_NOTADB", { errcode: 26 }, "store-damaged", /damaged/],
    ["index_corrupted", { code: "XX002" }, "store-damaged", /damaged/],
    ["disk_full", { code: "53100" }, "store-not-writable", /full/],
    ["read_only_sql_transaction", { code: "25006" }, "store-not-writable", /may not be written/],
    ["too_many_connections", { code: "53300" }, "store-not-available", /read before you repeat it\.$/],
    ["admin_shutdown", { code: "57P01" }, "store-not-available", /does not answer/],
    ["connection_failure", { code: "08006" }, "store-not-available", /does not answer/],
    ["ECONNREFUSED", { code: "ECONNREFUSED" }, "store-not-available", /does not answer/],
  ])("%s", (_name, members, slug, words) => {
    expect(storeFault(fault(members))).toMatchObject({ slug, detail: expect.stringMatching(words) as string });
  });

  test("what the driver says in words alone", () => {
    expect(storeFault(new Error("Connection terminated unexpectedly"))?.slug).toBe("store-not-available");
    expect(storeFault(new Error("timeout exceeded when trying to connect"))?.slug).toBe("store-not-available");
  });

  test("everything else is none: a constraint, a missing table, a bug", () => {
    for (const members of [{ errcode: 1555 }, { code: "42P01" }, { code: "23505" }, { code: "ENOENT" }, {}])
      expect(storeFault(fault(members))).toBeUndefined();
    expect(storeFault("full")).toBeUndefined();
    expect(storeFault(undefined)).toBeUndefined();
  });
});

describe("a write that is worth less than its request", () => {
  test("is left out when the store takes none, and no bug is hidden by that", async () => {
    await writeIfPossible(Promise.reject(fault({ errcode: 13 })));
    await expect(writeIfPossible(Promise.reject(fault({ errcode: 1555 }, "a bug")))).rejects.toThrow("a bug");
  });
});
