import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { isPostgres } from "./is-postgres.ts";
import { lockWriters } from "./lock-writers.ts";
import * as initial from "./migrations/0001-initial.ts";
import * as deletionsAndEvents from "./migrations/0002-deletions-and-events.ts";
import * as identity from "./migrations/0003-identity.ts";
import * as nodeConnections from "./migrations/0004-node-connections.ts";
import * as certificateTexts from "./migrations/0005-certificate-texts.ts";
import * as pilotsAndSuccessors from "./migrations/0006-pilots-and-successors.ts";
import * as nodeCertificates from "./migrations/0007-node-certificates.ts";
import * as handshakes from "./migrations/0008-handshakes.ts";
import * as newestNodeCertificates from "./migrations/0009-newest-node-certificates.ts";
import * as clientsCutOff from "./migrations/0010-clients-cut-off.ts";
import * as endOfNewest from "./migrations/0011-end-of-newest-node-certificates.ts";
import * as latestEnd from "./migrations/0012-latest-node-certificates.ts";
import * as percentOfActivations from "./migrations/0013-percent-of-activations.ts";
import { executedSteps, refuseForeignSteps, saveStep } from "./schema-steps.ts";
import type { Database } from "./schema.ts";
import { StoreError } from "./store-error.ts";

/** `oldestCode`: the oldest program that may use the store after it, named by the newest migration that it knows. */
export type MigrationStep = Pick<Migration, "up"> & { readonly oldestCode: string };

export type MigrationSteps = Readonly<Record<string, MigrationStep>>;

/** Forward only; a released one never changes. */
export const migrationSteps: MigrationSteps = {
  "0001-initial": { up: initial.up, oldestCode: "0001-initial" },
  "0002-deletions-and-events": { up: deletionsAndEvents.up, oldestCode: "0001-initial" },
  "0003-identity": { up: identity.up, oldestCode: "0002-deletions-and-events" },
  "0004-node-connections": { up: nodeConnections.up, oldestCode: "0003-identity" },
  "0005-certificate-texts": { up: certificateTexts.up, oldestCode: "0004-node-connections" },
  "0006-pilots-and-successors": { up: pilotsAndSuccessors.up, oldestCode: "0005-certificate-texts" },
  "0007-node-certificates": { up: nodeCertificates.up, oldestCode: "0005-certificate-texts" },
  "0008-handshakes": { up: handshakes.up, oldestCode: "0005-certificate-texts" },
  "0009-newest-node-certificates": { up: newestNodeCertificates.up, oldestCode: "0005-certificate-texts" },
  "0010-clients-cut-off": { up: clientsCutOff.up, oldestCode: "0005-certificate-texts" },
  "0011-end-of-newest-node-certificates": { up: endOfNewest.up, oldestCode: "0005-certificate-texts" },
  "0012-latest-node-certificates": { up: latestEnd.up, oldestCode: "0005-certificate-texts" },
  "0013-percent-of-activations": { up: percentOfActivations.up, oldestCode: "0005-certificate-texts" },
};

/** Names of those that this version of the code has and the store does not. */
export async function pendingMigrations(db: Kysely<Database>): Promise<readonly string[]> {
  const known = await migratorOf(db, migrationSteps).getMigrations();
  return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}

/** True once a newer version has changed the tables in a way that this one cannot live with. */
export async function isTooNew(db: Kysely<Database>): Promise<boolean> {
  return (await refuseForeignSteps(db, Object.keys(migrationSteps))) !== undefined;
}

/**
 * Brings the tables up to this version of the code. Those that a newer one has already changed are left as they are, and refused
 * where the newer one says that this program cannot use them any more.
 */
export async function migrate(db: Kysely<Database>, steps: MigrationSteps = migrationSteps): Promise<void> {
  const { error } = await migratorOf(db, steps).migrateToLatest();
  if (error === undefined) return;
  const message = error instanceof Error ? error.message : JSON.stringify(error);
  if (!/missing/.test(message)) {
    throw new StoreError(
      "store-not-readable",
      `The store cannot be brought up to date: ${message}. Nothing was changed.`,
      { cause: error },
    );
  }
  const refusal = await refuseForeignSteps(db, Object.keys(steps));
  if (refusal !== undefined) throw refusal;
}

/** Makes the tables what this version of the code needs, or refuses them. */
export type PrepareTables = (db: Kysely<Database>) => Promise<void>;

/** A database without a store is most likely another one than was meant: nothing is made in it. */
export async function migrateExisting(db: Kysely<Database>): Promise<void> {
  await refuseEmpty(db);
  await migrate(db);
}

/**
 * For who is to read everything, and change nothing. The tables of an older version may be its way back; those of a newer one may hold what
 * this program does not know of.
 */
export async function refuseOtherVersions(db: Kysely<Database>): Promise<void> {
  await refuseEmpty(db);
  const known = Object.keys(migrationSteps);
  const refusal = await refuseForeignSteps(db, known);
  if (refusal !== undefined) throw refusal;
  const executed = await executedSteps(db);
  if (executed.length < known.length) throw ofAnotherVersion("an older version", olderRemedy);
  if (executed.length > known.length) throw ofAnotherVersion("a newer version", newerRemedy);
}

async function refuseEmpty(db: Kysely<Database>): Promise<void> {
  const pending = await pendingMigrations(db);
  if (pending.length < Object.keys(migrationSteps).length) return;
  throw new StoreError(
    "no-store",
    "There is no store in the database that is named. Nothing was made there; look at --database, TCM_DATABASE and --data.",
  );
}

const olderRemedy = "Use the tcm of that version; or start this one first, which brings the store up to date.";
const newerRemedy = "Use the tcm of that version.";

function ofAnotherVersion(version: string, remedy: string): StoreError {
  const message = `The store is of ${version} of the product, and nothing was done. ${remedy}`;
  return new StoreError("store-of-another-version", message);
}

function migratorOf(db: Kysely<Database>, steps: MigrationSteps): Migrator {
  const entries = Object.entries(steps).map(([name, step]) => [name, saving(name, step)] as const);
  return new Migrator({ db, provider: { getMigrations: async () => Object.fromEntries(entries) } });
}

/** All that are due run in one transaction, in which nobody else writes; what they ask of programs is part of it. */
function saving(name: string, { up, oldestCode }: MigrationStep): Migration {
  return {
    up: async (db: Kysely<Database>) => {
      if (isPostgres(db)) await lockWriters(db);
      await up(db);
      await saveStep(db, { migration: name, oldest_code: oldestCode });
    },
  };
}
