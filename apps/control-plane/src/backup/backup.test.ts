import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fixedClock, temporaryDirectory, testPki } from "@tcm/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { operatorKey } from "../keys/operator-key.ts";
import { activateVersion } from "../operations/activations/activate-version.ts";
import { createToken, findTokenHolder } from "../operations/api-token.ts";
import { settleOverdue } from "../operations/activations/settle-overdue.ts";
import { openPostgresStore } from "../store/open-postgres.ts";
import { openMemoryStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { admin, DeploymentHarness, deadlineMs, value } from "../testing/deployment-harness.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";
import { readArchive, verifyArchive, writeArchive } from "./archive.ts";
import { restoreBackup } from "./restore-backup.ts";
import { tablesToSave } from "./saved-tables.ts";
import { writeBackup } from "./write-backup.ts";

const pki = testPki();
const [a, b] = [pki.root("A"), pki.root("B")];
const operator = operatorKey(Buffer.alloc(32, 7));
const key = operator.derive("backup");
const clock = fixedClock();
const madeAt = "2026-06-01T00:00:00.000000Z";

async function open(opening: Promise<Store>): Promise<Store> {
  const store = await opening;
  onTestFinished(() => store.close());
  return store;
}

/** A store with a bit of everything: a running deployment, an ended one, a token, a session. */
async function filled(): Promise<DeploymentHarness> {
  const harness = await DeploymentHarness.open();
  const { store } = harness.context;
  const node = await harness.node("s1", "STAGING");
  const id = await harness.caSet([a], [b]);
  await harness.activate(id, 1, "STAGING");
  await harness.report(node, id, "verified");
  await harness.activate(id, 1, "PRODUCTION");
  await harness.activate(id, 2, "STAGING");
  const user = { name: "ann", role: "admin" as const, created_at: madeAt, created_by: "test" };
  const nothing = { password_hash: null, oidc_subject: null, disabled_at: null, last_sign_in_at: null };
  await store.db
    .insertInto("users")
    .values({ ...user, ...nothing })
    .execute();
  const session = { token_hash: "f".repeat(64), user_id: 1, created_at: madeAt };
  await store.db
    .insertInto("sessions")
    .values({ ...session, last_used_at: madeAt, expires_at: madeAt })
    .execute();
  // Ids that were given and are gone are never given again.
  await store.db.deleteFrom("events").execute();
  return harness;
}

async function backupOf(store: Store): Promise<string> {
  const file = join(temporaryDirectory(), "a.backup");
  await writeBackup(store, key, file, madeAt);
  return file;
}

/** The same archive as that version made it. */
async function asOf0004(file: string): Promise<string> {
  type Saved = { readonly table: string; readonly row: Readonly<Record<string, string | number | null>> };
  const [first = "", ...lines] = await Array.fromAsync(readArchive(file, key));
  const { migrations, counters, ...header } = JSON.parse(first) as Record<string, object>;
  const { certificate_texts: _, ...older } = counters as Record<string, number>;
  const texts = new Map<unknown, Saved["row"]>();
  const rows = lines.flatMap((line): readonly Saved[] => {
    const saved = JSON.parse(line) as Saved;
    if (saved.table === "certificate_texts") texts.set(saved.row["id"], saved.row);
    if (saved.table === "certificate_texts") return [];
    if (saved.table !== "ca_set_version_members") return [saved];
    const { text_id, ...member } = saved.row;
    const { fingerprint = null, pem = null } = texts.get(text_id) ?? {};
    return [{ table: "ca_set_version_certificates", row: { ...member, fingerprint, certificate_pem: pem } }];
  });
  const known = { ...header, migrations: (migrations as string[]).slice(0, 4), counters: older };
  const made = join(temporaryDirectory(), "older.backup");
  await writeArchive(
    made,
    key,
    (async function* () {
      for (const one of [known, ...rows]) yield JSON.stringify(one);
    })(),
  );
  return made;
}

const restore = (store: Store, file: string) =>
  restoreBackup(store, { file, operatorKey: operator, key, now: clock.now() });

async function everything(store: Store): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const tables: Record<string, readonly unknown[]> = {};
  for (const { name, key: columns } of tablesToSave()) {
    const order = sql.join(columns.map((column) => sql.ref(column)));
    tables[name] = (await sql`SELECT * FROM ${sql.table(name)} ORDER BY ${order}`.execute(store.db)).rows;
  }
  return tables;
}

/** Tables that a restore changes on purpose. */
const changed = ["meta", "signing_keys", "manifest_entries", "network_generations", "activations", "activation_nodes"];
const kept = (tables: Readonly<Record<string, readonly unknown[]>>) =>
  Object.entries(tables).filter(([name]) => !changed.includes(name) && name !== "audit_records");

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: backups to and from PostgreSQL (${missing})`);

describe("a backup restores into either store", () => {
  let server: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    if (missing === undefined) server = await PostgresServer.start();
  });
  afterAll(() => server?.remove());
  const postgres = async () => openPostgresStore(await server.createDatabase(`restored_${count++}`));

  test.skipIf(missing !== undefined)("from SQLite to PostgreSQL and back, with nothing lost", async () => {
    const { context } = await filled();
    const first = await everything(context.store);
    const second = await open(postgres());
    await restore(second, await backupOf(context.store));
    expect(kept(await everything(second))).toEqual(kept(first));
    const third = await open(openMemoryStore());
    await restore(third, await backupOf(second));
    const last = await everything(third);
    expect(kept(last)).toEqual(kept(first));
    expect(last["audit_records"]).toHaveLength((first["audit_records"]?.length ?? 0) + 2);
    const created = { name: "new", status: "NOT_DELETED" as const, last_version: 0, name_frozen_at: null };
    const times = { created_at: madeAt, created_by: "test", modified_at: madeAt };
    const none = { description: null, deleted_at: null, deleted_by: null, removal_at: null };
    for (const store of [second, third]) {
      const { id } = await store.db
        .insertInto("ca_sets")
        .values({ ...created, ...times, ...none })
        .returning("id")
        .executeTakeFirstOrThrow();
      expect(id).toBe(2);
      const event = { type: "test", data: "{}", at: madeAt };
      const next = await store.db.insertInto("events").values(event).returning("id").executeTakeFirstOrThrow();
      expect(next.id).toBeGreaterThan(5);
    }
  });

  test("made by a version that kept each text with its member", async () => {
    const { context } = await filled();
    const first = await everything(context.store);
    const file = await backupOf(context.store);
    const restored = await open(openMemoryStore());
    await restore(restored, await asOf0004(file));
    const last = await everything(restored);
    const inOrder = (rows: readonly unknown[] = []) => rows.map((row) => ({ ...(row as object), id: 0, text_id: 0 }));
    for (const table of ["certificate_texts", "ca_set_version_members"])
      expect(inOrder(last[table])).toEqual(inOrder(first[table]));
    const text = { sha256: "new", fingerprint: a.fingerprint, pem: "x" };
    const { id } = await restored.db
      .insertInto("certificate_texts")
      .values(text)
      .returning("id")
      .executeTakeFirstOrThrow();
    expect(id).toBe((last["certificate_texts"]?.length ?? 0) + 1);
  });

  test("tokens are good, sessions are not there", async () => {
    const { context } = await filled();
    const token = await createToken(context.store.db, clock.now, "viewer", "test");
    const restored = await open(openMemoryStore());
    await restore(restored, await backupOf(context.store));
    expect(await findTokenHolder(restored.db, clock.now, token)).toMatchObject({ actor: { role: "viewer" } });
    expect(await restored.db.selectFrom("sessions").selectAll().execute()).toEqual([]);
  });
});

describe("a restore begins a new epoch", () => {
  test("every entry goes out again above whatever nodes hold, and it is on the record", async () => {
    const harness = await filled();
    const before = await harness.entry(1, "STAGING");
    const restored = await open(openMemoryStore());
    const { epochs } = await restore(restored, await backupOf(harness.context.store));
    const entries = await restored.db.selectFrom("manifest_entries").selectAll().execute();
    expect(entries).toHaveLength(2);
    for (const { network, epoch, generation } of entries) {
      expect(epoch).toBe(epochs[network]);
      expect(epoch).toBeGreaterThan(before.generation.epoch);
      expect(generation).toBeGreaterThan(1);
    }
    const last = await restored.db.selectFrom("audit_records").selectAll().orderBy("number", "desc").limit(1).execute();
    expect(last).toMatchObject([{ action: "RESTORE_BACKUP", by: "tcm restore", outcome: "done" }]);
  });

  test("a second restore of the same backup begins a higher one", async () => {
    const file = await backupOf((await filled()).context.store);
    const [one, two] = [await open(openMemoryStore()), await open(openMemoryStore())];
    const first = await restore(one, file);
    clock.advance(1_000);
    const second = await restore(two, file);
    expect(second.epochs.STAGING).toBeGreaterThan(first.epochs.STAGING ?? 0);
  });

  test("a deployment that was running goes on, and ends once", async () => {
    const harness = await filled();
    const file = await backupOf(harness.context.store);
    const store = await open(openMemoryStore());
    clock.advance(10 * deadlineMs);
    await restore(store, file);
    const context = { ...harness.context, store, clock: clock.now };
    const running = () => store.db.selectFrom("activations").selectAll().where("status", "=", "IN_PROGRESS").execute();
    await settleOverdue(context);
    const [row] = await running();
    const entry = await store.db
      .selectFrom("manifest_entries")
      .selectAll()
      .where("network", "=", "STAGING")
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ version: 2, epoch: entry.epoch, generation: entry.generation });
    expect((await activateVersion(context, admin, 1, { version: 2, network: "STAGING" })).ok).toBe(false);
    clock.advance(deadlineMs);
    await settleOverdue(context);
    expect(await running()).toEqual([]);
    value(await activateVersion(context, admin, 1, { version: 1, network: "STAGING" }));
  });
});

describe("what is refused, with nothing written", () => {
  const refused = (code: string) => expect.objectContaining({ name: "StoreError", code }) as Error;

  test("an archive cut off anywhere, or with any byte changed", async () => {
    const file = await backupOf((await filled()).context.store);
    const whole = readFileSync(file);
    await verifyArchive(file, key);
    const cuts = [0, 1, 30, Math.floor(whole.length / 2), whole.length - 70, whole.length - 1];
    for (const length of cuts) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      await expect(verifyArchive(file, key), `cut at ${length}`).rejects.toThrow(refused("backup-unusable"));
    }
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 40)) {
      const changedBytes = Buffer.from(whole);
      changedBytes[at] = (changedBytes[at] ?? 0) ^ 1;
      writeFileSync(file, changedBytes);
      await expect(verifyArchive(file, key), `changed at ${at}`).rejects.toThrow(refused("backup-unusable"));
    }
    writeFileSync(file, Buffer.concat([whole, Buffer.from("more\n")]));
    await expect(verifyArchive(file, key)).rejects.toThrow(refused("backup-unusable"));
    // Also where it was not verified before: the transaction is rolled back at the end.
    writeFileSync(
      file,
      whole.toString("utf8").replace(/[0-9a-f]\n$/, (last) => (last.startsWith("0") ? "1\n" : "0\n")),
    );
    const store = await open(openMemoryStore());
    await expect(restore(store, file)).rejects.toThrow(refused("backup-unusable"));
    expect(await store.db.selectFrom("ca_sets").selectAll().execute()).toEqual([]);
  });

  test("an archive of another operator key", async () => {
    const file = await backupOf((await filled()).context.store);
    const other = operatorKey(Buffer.alloc(32, 8)).derive("backup");
    await expect(verifyArchive(file, other)).rejects.toThrow(refused("backup-unusable"));
  });

  test("a store that holds anything", async () => {
    const file = await backupOf((await filled()).context.store);
    const { context } = await filled();
    const before = await everything(context.store);
    await expect(restore(context.store, file)).rejects.toThrow(refused("store-not-empty"));
    expect(await everything(context.store)).toEqual(before);
  });

  test.each([
    ["a certificate", sql`UPDATE certificates SET der = 'AAAA'`],
    ["the content of a version", sql`UPDATE ca_set_versions SET content_digest = 'x'`],
    ["what nodes are told", sql`UPDATE manifest_entries SET digest = 'x'`],
  ])("an authentic archive of a store in which %s was damaged", async (_what, damage) => {
    const { context } = await filled();
    await damage.execute(context.store.db);
    const file = await backupOf(context.store);
    const store = await open(openMemoryStore());
    await expect(restore(store, file)).rejects.toThrow(/damaged/);
    expect(await store.db.selectFrom("certificates").selectAll().execute()).toEqual([]);
  });

  test("an archive of a newer version", async () => {
    const { context } = await filled();
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', 'x')`.execute(context.store.db);
    const store = await open(openMemoryStore());
    await expect(restore(store, await backupOf(context.store))).rejects.toThrow(/newer version/);
  });

  test("a file that exists, when a backup is made; a new one is for its owner alone", async () => {
    const { context } = await filled();
    const file = await backupOf(context.store);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file);
    await expect(writeBackup(context.store, key, file, madeAt)).rejects.toThrow(refused("backup-unusable"));
    expect(readFileSync(file)).toEqual(before);
  });
});
