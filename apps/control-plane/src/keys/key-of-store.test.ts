import { existsSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { openMemoryStore } from "../store/open-store.ts";
import { openKeyOfStore } from "./key-of-store.ts";
import { openSigningKeys } from "./signing-keys.ts";

describe("the operator key of a store", () => {
  test("is made for a new store, and found again", async () => {
    const store = await openMemoryStore();
    const directory = temporaryDirectory();
    const sealed = (await openKeyOfStore(store, directory)).seal(Buffer.from("secret"), "test");
    expect(Buffer.from((await openKeyOfStore(store, directory)).open(sealed, "test")).toString()).toBe("secret");
    await store.close();
  });

  test("is never made beside a store that has something sealed", async () => {
    const store = await openMemoryStore();
    await openSigningKeys(store, await openKeyOfStore(store, temporaryDirectory()), Date.now);
    const directory = temporaryDirectory();
    await expect(openKeyOfStore(store, directory)).rejects.toMatchObject({ code: "operator-key-unusable" });
    expect(existsSync(join(directory, "operator.key"))).toBe(false);
    await store.close();
  });
});
