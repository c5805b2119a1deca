import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type MigrationSteps,
  migrate,
  migrateExisting,
  migrationSteps,
  type PrepareTables,
  refuseOtherVersions,
} from "../store/migrate.ts";
import type { Database } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { everyRow, makeReleasedStore, releasedMigrations } from "./released-store.ts";

/** An empty database: as a program of old sees it, and as today's opens it. */
export type Place = { readonly db: Kysely<Database>; readonly open: (prepare?: PrepareTables) => Promise<Store> };

const failure = (code: string) => expect.objectContaining({ name: "StoreError", code }) as Error;
const tooNew = failure("store-too-new");
const otherVersion = failure("store-of-another-version");

export async function opened(place: Place): Promise<Store> {
  const store = await place.open();
  onTestFinished(() => store.close());
  return store;
}

/** What holds of migrations, whichever engine is behind: every store passes all of it. */
export function describeMigrations(name: string, place: () => Promise<Place>): void {
  describe(`a store of every released version, on ${name}`, () => {
    test.each(
      releasedMigrations.map((migration, i) => [migration, i + 1] as const),
    )("of %s is opened by today's program with nothing lost", async (_migration, count) => {
      const old = await place();
      await makeReleasedStore(old.db, count);
      const before = await everyRow(old.db);
      const empty = Object.entries(before).filter(([, rows]) => rows.length === 0);
      expect(empty, "a table without rows shows nothing: add some to released-rows.ts").toEqual([]);
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

  describe(`commands beside a control plane on ${name}`, () => {
    test.each([
      ["writes", migrateExisting],
      ["only reads", refuseOtherVersions],
    ])("one that %s makes no store where there is none: that is another database than was meant", async (_, prepare) => {
      const empty = await place();
      await expect(empty.open(prepare)).rejects.toThrow(failure("no-store"));
      expect(await empty.db.introspection.getTables()).toEqual([]);
    });

    test("one that only reads leaves an older store as it is: a backup of it is the way back", async () => {
      const old = await place();
      await makeReleasedStore(old.db, releasedMigrations.length - 1);
      const before = await everyRow(old.db);
      await expect(old.open(refuseOtherVersions)).rejects.toThrow(otherVersion);
      expect(await everyRow(old.db)).toEqual(before);
    });

    test("and refuses a newer one, also one that lets it go on: it knows nothing of what is new there", async () => {
      const shared = await place();
      const up = async (db: Kysely<unknown>): Promise<void> =>
        db.schema.createTable("later").addColumn("id", "integer").execute();
      await migrate(shared.db, {
        ...migrationSteps,
        "9999-later": { up, oldestCode: releasedMigrations.at(-1) ?? "" },
      });
      await expect(shared.open(refuseOtherVersions)).rejects.toThrow(otherVersion);
      await opened(shared);
    });
  });
}
