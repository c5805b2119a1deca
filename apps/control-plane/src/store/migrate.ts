import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import * as initial from "./migrations/0001-initial.ts";
import * as deletionsAndEvents from "./migrations/0002-deletions-and-events.ts";
import * as identity from "./migrations/0003-identity.ts";
import * as nodeConnections from "./migrations/0004-node-connections.ts";
import type { Database } from "./schema.ts";
import { StoreError } from "./store-error.ts";

/** Forward only; a released one never changes. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-initial": initial,
  "0002-deletions-and-events": deletionsAndEvents,
  "0003-identity": identity,
  "0004-node-connections": nodeConnections,
};

/** Names of those that this version of the code has and the store does not; a newer version's are no concern of this one. */
export async function pendingMigrations(db: Kysely<Database>): Promise<readonly string[]> {
  const known = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).getMigrations();
  return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}

/** Brings the tables up to this version of the code. Refuses a store that a newer version has already changed. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const message = error instanceof Error ? error.message : JSON.stringify(error);
  if (/missing/.test(message)) {
    throw new StoreError(
      "store-too-new",
      "The store was made by a newer version of the product. Start that version; nothing was changed.",
      { cause: error },
    );
  }
  throw new StoreError(
    "store-not-readable",
    `The store cannot be brought up to date: ${message}. Nothing was changed.`,
    { cause: error },
  );
}
