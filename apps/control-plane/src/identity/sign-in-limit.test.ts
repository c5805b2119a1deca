import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openMemoryStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { forgetTries, refuseSignIn } from "./sign-in-limit.ts";

const now = Date.parse("2026-06-01T00:00:00Z");

describe("guesses at an account", () => {
  let store: Store;
  beforeEach(async () => {
    store = await openMemoryStore();
  });
  afterEach(() => store.close());

  const guess = (name: string, address: string) => refuseSignIn(store, { name, address }, now);
  const guesses = async (count: number, name: string, address: string): Promise<void> => {
    for (let i = 0; i < count; i++) expect(await guess(name, address)).toBeUndefined();
  };

  test("from one address do not keep its holder out elsewhere", async () => {
    await guesses(10, "alice", "192.0.2.1");
    expect((await guess("alice", "192.0.2.1"))?.problem.slug).toBe("sign-in-limit-reached");
    expect(await guess("alice", "192.0.2.2")).toBeUndefined();
  });

  test("from many addresses end at a hundred", async () => {
    for (let address = 1; address <= 10; address++) await guesses(10, "alice", `192.0.2.${address}`);
    expect((await guess("alice", "192.0.2.99"))?.problem.slug).toBe("sign-in-limit-reached");
    expect(await guess("bob", "192.0.2.99")).toBeUndefined();
  });

  test("from the addresses of one /64 count as from one", async () => {
    for (let host = 1; host <= 10; host++) await guesses(1, "alice", `2001:db8::${host}`);
    expect((await guess("alice", "2001:db8::99"))?.problem.slug).toBe("sign-in-limit-reached");
  });

  test("are not forgotten because the holder signs in from elsewhere", async () => {
    await guesses(10, "alice", "192.0.2.1");
    expect(await guess("alice", "192.0.2.2")).toBeUndefined();
    await store.transaction((queries) => forgetTries(queries, { name: "alice", address: "192.0.2.2" }));
    expect((await guess("alice", "192.0.2.1"))?.problem.slug).toBe("sign-in-limit-reached");
  });
});
