import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openOperatorKey } from "../keys/operator-key.ts";
import { openNodeAuthorities } from "../keys/node-authorities.ts";
import { openSigningKeys } from "../keys/signing-keys.ts";
import { SessionTable } from "../nodes/session-table.ts";
import { openManifestCache } from "../nodes/manifest-cache.ts";
import { openNodeServer } from "../nodes/node-server.ts";
import { openReadiness } from "../observability/readiness.ts";
import { readinessChecks } from "../observability/readiness-checks.ts";
import { ControlPlaneHarness, type HarnessOptions } from "../testing/control-plane-harness.ts";
import { PostgresServer, postgresMissing } from "../testing/postgres-server.ts";

async function start(options: HarnessOptions = {}): Promise<ControlPlaneHarness> {
  const plane = await ControlPlaneHarness.start(options);
  onTestFinished(() => plane.remove());
  return plane;
}

/** An answer is at most a second old, so that a change is asked for until it shows. */
const poll = (plane: ControlPlaneHarness) =>
  expect.poll(
    async () => {
      const { status, body } = await plane.ask("GET", "//readyz", { token: null });
      return [status, (body as { readonly reasons: readonly string[] }).reasons];
    },
    { timeout: 120_000, interval: 100 },
  );

const ready = [200, []];

describe("readiness tells the truth", () => {
  test("everything that it looked at, by name", async () => {
    const plane = await start();
    await poll(plane).toEqual(ready);
    const { status, body } = await plane.ask("GET", "//readyz", { token: null });
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "ready",
      reasons: [],
      checks: {
        storeReadable: "ok",
        storeWritable: "ok",
        storeIntact: "ok",
        migrations: "ok",
        tables: "ok",
        validation: "ok",
        nodePort: "ok",
      },
    });
  });

  test("a store that takes no writes, and takes them again", async () => {
    const plane = await start();
    await poll(plane).toEqual(ready);
    const { db } = plane.controlPlane.context.store;
    await sql.raw("PRAGMA query_only = ON").execute(db);
    await poll(plane).toEqual([503, ["The store cannot be written."]]);
    // Supervisors that would kill a process for it ask the other one.
    expect((await plane.ask("GET", "//healthz", { token: null })).status).toBe(200);
    await sql.raw("PRAGMA query_only = OFF").execute(db);
    await poll(plane).toEqual(ready);
    expect(plane.log).toMatch(/"reasons":\["The store cannot be written\."\],"msg":"not ready"/);
    expect(plane.log).toContain('"msg":"ready again"');
  });

  test("tables that are older than the program", async () => {
    const plane = await start();
    await sql`DELETE FROM kysely_migration`.execute(plane.controlPlane.context.store.db);
    await poll(plane).toEqual([503, ["The tables of the store are older than this program."]]);
  });

  test("tables that a newer program has changed: harmless ones, and others", async () => {
    const plane = await start();
    const { db } = plane.controlPlane.context.store;
    await sql`INSERT INTO kysely_migration VALUES ('9998-more', '2030-01-01'), ('9999-other', '2030-01-01')`.execute(
      db,
    );
    await sql`INSERT INTO schema_steps VALUES ('9998-more', '0001-initial')`.execute(db);
    await poll(plane).toEqual([
      503,
      ["A newer version has changed the tables of the store, and this one cannot use them any more."],
    ]);
    await sql`INSERT INTO schema_steps VALUES ('9999-other', '0001-initial')`.execute(db);
    await poll(plane).toEqual(ready);
  });

  test("a validation thread that answers nothing", async () => {
    const plane = await start();
    await plane.controlPlane.context.validation.close();
    await poll(plane).toEqual([503, ["The validation thread does not answer."]]);
  });

  test("a node port that is closed", async () => {
    const plane = await start();
    const { context } = plane.controlPlane;
    const { store, clock } = context;
    const log = pino({ level: "silent" });
    const operatorKey = openOperatorKey(plane.directory);
    const authorities = await openNodeAuthorities(store, operatorKey, clock);
    const signingKeys = await openSigningKeys(store, operatorKey, clock);
    const manifest = openManifestCache(store, signingKeys);
    const nothing = () => undefined;
    const fleet = new SessionTable({ manifest, signals: store.signals, clock, onFault: nothing, onShared: nothing });
    onTestFinished(() => fleet.close());
    const nodePort = await openNodeServer({
      context,
      fleet,
      manifest,
      authorities,
      signingKeys,
      log,
      port: 0,
      heartbeatIntervalMs: 1_000,
      certificateLifetimeMs: 1_000_000,
    });
    const checks = readinessChecks({ context, nodePort });
    const look = () => openReadiness({ checks, isStopping: () => false, log })();
    expect(await look()).toMatchObject({ isReady: true });
    await nodePort.close();
    expect(await look()).toMatchObject({ isReady: false, reasons: ["The port for nodes does not listen."] });
  });

  test("many who ask at once cost few writes", async () => {
    const plane = await start();
    await poll(plane).toEqual(ready);
    const { db } = plane.controlPlane.context.store;
    const value = async () =>
      (await db.selectFrom("meta").select("value").where("key", "=", "readiness").executeTakeFirst())?.value;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => [
        (await plane.ask("GET", "//readyz", { token: null })).status,
        await value(),
      ]),
    );
    expect(answers.every(([status]) => status === 200)).toBe(true);
    expect(new Set(answers.map(([, written]) => written)).size).toBeLessThan(answers.length / 2);
  });
});

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: readiness on PostgreSQL (${missing})`);

describe.skipIf(missing !== undefined)("readiness on PostgreSQL", () => {
  let server: PostgresServer | undefined;
  afterAll(() => server?.remove());

  test("a server that is away, set to read only, or to acknowledge what is not on disk", async () => {
    server = await PostgresServer.start();
    const plane = await start({ database: await server.createDatabase("readiness") });
    await poll(plane).toEqual(ready);
    const { db } = plane.controlPlane.context.store;
    const set = async (statement: string): Promise<void> => {
      await sql.raw(`ALTER SYSTEM ${statement}`).execute(db);
      await sql`SELECT pg_reload_conf()`.execute(db);
    };
    await set("SET default_transaction_read_only = on");
    await poll(plane).toEqual([503, ["The store cannot be written."]]);
    await set("RESET default_transaction_read_only");
    await poll(plane).toEqual(ready);
    await set("SET synchronous_commit = off");
    await poll(plane).toEqual([
      503,
      ["The database acknowledges commits that are not on disk (fsync or synchronous_commit is off)."],
    ]);
    await set("RESET ALL");
    await poll(plane).toEqual(ready);
    await server.stop("SIGQUIT");
    await expect
      .poll(async () => (await plane.ask("GET", "//readyz", { token: null })).body, { timeout: 120_000 })
      .toMatchObject({
        status: "not ready",
        checks: { storeReadable: "The store does not answer.", validation: "ok" },
      });
    await server.start();
    await poll(plane).toEqual(ready);
  });
});
