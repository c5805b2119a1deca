import { temporaryDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";
import { openPostgresStore } from "./open-postgres.ts";
import { openStore } from "./open-store.ts";
import { type Store, transaction } from "./store.ts";

const at = "2026-06-01T00:00:00.000000Z";
const newSet = (name: string) => ({
  name,
  description: null,
  status: "NOT_DELETED" as const,
  last_version: 0,
  created_at: at,
  created_by: "test",
  modified_at: at,
  name_frozen_at: null,
  deleted_at: null,
  deleted_by: null,
  removal_at: null,
});

/** What operations rely on, whichever engine is behind: every store passes all of it. */
function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    test("an empty one is brought to the current tables", async () => {
      const store = await open();
      expect(await store.db.selectFrom("ca_sets").selectAll().execute()).toEqual([]);
      await store.close();
    });

    test("numbers are never given twice, also not after a row is gone", async () => {
      const store = await open();
      const insert = (set: string) =>
        store.db.insertInto("ca_sets").values(newSet(set)).returning("id").executeTakeFirstOrThrow();
      const first = await insert("first");
      await store.db.deleteFrom("ca_sets").where("id", "=", first.id).execute();
      expect((await insert("second")).id).toBeGreaterThan(first.id);
      await store.close();
    });

    test("a count is a number", async () => {
      const store = await open();
      const { count } = await store.db
        .selectFrom("ca_sets")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      expect(count).toBe(0);
      await store.close();
    });

    test("a transaction that fails leaves nothing behind", async () => {
      const store = await open();
      const failing = transaction(store, async (queries) => {
        await queries.insertInto("ca_sets").values(newSet("half")).execute();
        throw new Error("on the way");
      });
      await expect(failing).rejects.toThrow("on the way");
      expect(await store.db.selectFrom("ca_sets").select("name").execute()).toEqual([]);
      await store.close();
    });

    test("two sets of one name cannot both be there, unless one is deleted", async () => {
      const store = await open();
      await store.db.insertInto("ca_sets").values(newSet("unique")).execute();
      await expect(store.db.insertInto("ca_sets").values(newSet("unique")).execute()).rejects.toThrow();
      await store.db.updateTable("ca_sets").set({ status: "DELETED" }).execute();
      await store.db.insertInto("ca_sets").values(newSet("unique")).execute();
      await store.close();
    });

    test("transactions at the same time count as if one came after the other", async () => {
      const store = await open();
      const { id } = await store.db
        .insertInto("ca_sets")
        .values(newSet("counter"))
        .returning("id")
        .executeTakeFirstOrThrow();
      const increment = () =>
        transaction(store, async (queries) => {
          const { last_version } = await queries
            .selectFrom("ca_sets")
            .select("last_version")
            .where("id", "=", id)
            .executeTakeFirstOrThrow();
          await queries
            .updateTable("ca_sets")
            .set({ last_version: last_version + 1 })
            .where("id", "=", id)
            .execute();
        });
      await Promise.all(Array.from({ length: 8 }, increment));
      const { last_version } = await store.db.selectFrom("ca_sets").select("last_version").executeTakeFirstOrThrow();
      expect(last_version).toBe(8);
      await store.close();
    });

    test("a row that another row needs cannot be deleted", async () => {
      const store = await open();
      const { id } = await store.db
        .insertInto("ca_sets")
        .values(newSet("parent"))
        .returning("id")
        .executeTakeFirstOrThrow();
      await store.db
        .insertInto("ca_set_networks")
        .values({ ca_set_id: id, network: "STAGING", active_version: 1, activation_id: 1 })
        .execute();
      await expect(store.db.deleteFrom("ca_sets").where("id", "=", id).execute()).rejects.toThrow();
      await store.close();
    });

    test("a signal reaches who listens, in the process that sent it too", async () => {
      const store = await open();
      const heard = Promise.withResolvers<string>();
      store.signals.listen(heard.resolve);
      // What is sent before a listening connection is up gets lost: that is the contract, so it is sent until heard.
      const again = setInterval(() => store.signals.send("STAGING"), 20);
      expect(await heard.promise).toBe("STAGING");
      clearInterval(again);
      await store.close();
    });
  });
}

describeStore("SQLite", () => openStore(temporaryDirectory()));

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: PostgreSQL as a store (${missing})`);
describe.skipIf(missing !== undefined)("on PostgreSQL", () => {
  let server: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());
  describeStore("PostgreSQL", async () => openPostgresStore(await server.createDatabase(`store_${count++}`)));
});
