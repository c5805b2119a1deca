import { decodeJoinToken, edgeNodeList, joinToken } from "@tcm/api-contract";
import { createCertificateRequest, generateKeyPair } from "@tcm/node-crypto";
import { type FixedClock, fixedClock, testPki } from "@tcm/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { verifyAudit } from "./audit/verify-audit.ts";
import { writeEntry } from "./manifest/write-entry.ts";
import { ControlPlaneHarness, type HarnessOptions } from "./testing/control-plane-harness.ts";
import { nodeRequest } from "./testing/fake-node.ts";
import { PostgresServer, postgresMissing } from "./testing/postgres-server.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: several control planes on PostgreSQL (${missing})`);

const operatorKey = Buffer.alloc(32, 7).toString("base64");
const heartbeatIntervalMs = 200;
const root = testPki().root("A");

describe.skipIf(missing !== undefined)("several control planes on one database", () => {
  let server: PostgresServer;
  let count = 0;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());

  const start = async (options: HarnessOptions): Promise<ControlPlaneHarness> => {
    const harness = await ControlPlaneHarness.start({ operatorKey, heartbeatIntervalMs, ...options });
    onTestFinished(() => harness.remove());
    return harness;
  };
  const startTwo = async (): Promise<{ one: ControlPlaneHarness; two: ControlPlaneHarness; clock: FixedClock }> => {
    const database = await server.createDatabase(`replicas_${count++}`);
    const clock = fixedClock();
    return { one: await start({ database, clock }), two: await start({ database, clock }), clock };
  };
  const connected = async (harness: ControlPlaneHarness, nodeId: string): Promise<boolean | undefined> => {
    const { edgeNodes } = await harness.get(edgeNodeList, "/edge-nodes");
    return edgeNodes.find((node) => node.nodeId === nodeId)?.isConnected;
  };

  test("each has edges of its own, which keep their names", async () => {
    const { one, two } = await startTwo();
    const names = [one, two].map((harness) => harness.localNode("STAGING").nodeId);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^staging-edge-[0-9a-f]{8}$/);
  });

  test("a deployment begun at one is proved by the nodes of both", async () => {
    const { one, two } = await startTwo();
    await one.connectLocalNodes();
    const nodes = await two.connectLocalNodes();
    const id = await one.createVersion([root], { requireRootCertificate: false });
    const ended = await two.ended(await one.activate(id, 1, "STAGING"));
    expect(ended).toMatchObject({ activationStatus: "COMPLETE", percentComplete: 100 });
    expect(nodes[0]?.newest(`ca-set/${id}`)?.entry.content).toMatchObject({ version: 1 });
  });

  test("many writers at both of them at once are all served", async () => {
    const { one, two } = await startTwo();
    const write = (harness: ControlPlaneHarness, caSetName: string) =>
      harness.ask("POST", "/ca-sets", { body: { caSetName } }).then(({ status }) => status);
    const writes = [one, two].flatMap((harness, i) =>
      Array.from({ length: 20 }, (_, n) => write(harness, `set-${i}-${n}`)),
    );
    expect(new Set(await Promise.all(writes))).toEqual(new Set([201]));
    const { faults } = await verifyAudit(one.controlPlane.context.store.db, { verify: () => true });
    expect(faults).toEqual([]);
  });

  test("a node is connected, whichever of them holds its session, until that one is silent", async () => {
    const { one, two, clock } = await startTwo();
    const account = one.localNode("STAGING");
    const { nodeId } = account;
    expect(await connected(two, nodeId)).toBe(false);
    const node = await one.connect(account);
    expect([await connected(one, nodeId), await connected(two, nodeId)]).toEqual([true, true]);
    await node.close();
    await expect.poll(() => connected(two, nodeId)).toBe(false);
    // It moves, and what the first one says of its end later changes nothing.
    const first = await one.connect(account);
    await two.connect(account);
    await first.close();
    expect([await connected(one, nodeId), await connected(two, nodeId)]).toEqual([true, true]);
    // A process that died hard says no goodbye.
    await two.controlPlane.context.store.db
      .updateTable("edge_nodes")
      .set({ connected_to: "one that died", last_seen_at: new Date(clock.now()).toISOString() })
      .where("id", "=", one.localNode("PRODUCTION").nodeId)
      .execute();
    expect(await connected(two, one.localNode("PRODUCTION").nodeId)).toBe(true);
    clock.advance(-60_000);
    expect(await connected(two, one.localNode("PRODUCTION").nodeId)).toBe(true);
    clock.advance(60_000 + 5 * heartbeatIntervalMs);
    expect(await connected(two, one.localNode("PRODUCTION").nodeId)).toBe(false);
  });

  test("a node that is removed at one of them has its session at the other ended, and its certificate is void at both", async () => {
    const { one, two } = await startTwo();
    const account = await one.enrol("leaving", "STAGING");
    const node = await one.connect(account);
    expect((await two.ask("DELETE", "/edge-nodes/leaving")).status).toBe(204);
    await node.closed();
    expect(node.goodbye?.reason).toContain("removed");
    for (const plane of [one, two]) await expect(plane.connect(account)).rejects.toThrow();
  });

  test("a second agent with the identity of the first takes its place, also at the other one", async () => {
    const { one, two } = await startTwo();
    const account = await one.enrol("copied", "STAGING");
    const first = await one.connect(account);
    const second = await two.connect(account);
    await first.closed();
    expect(first.goodbye?.reason).toContain("another session");
    expect(second.goodbye).toBeUndefined();
  });

  test("a join token that is shown to both at the same time lets one node in", async () => {
    const { one, two } = await startTwo();
    const body = { network: "STAGING", engine: "built-in", nodeId: "contested" };
    const made = joinToken.parse((await one.ask("POST", "/edge-nodes/join-tokens", { body })).body);
    const { secret = "" } = decodeJoinToken(made.joinToken) ?? {};
    const request = Buffer.from(createCertificateRequest(generateKeyPair("p256"))).toString("base64");
    const shown = JSON.stringify({ secret, certificateRequest: request });
    const answers = await Promise.all(
      [one, two, one, two].map(({ controlPlane }) =>
        nodeRequest(controlPlane.nodeUrl, {}, { ":path": "/node/v1/enrolment" }, shown),
      ),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
  });

  test("a node that moves is never told less than it was told before", async () => {
    const { one, two } = await startTwo();
    await one.connectLocalNodes();
    const id = await one.createVersion([root], { requireRootCertificate: false });
    // Straight into the store, so that nobody is told: as if the process that wrote it had died at once.
    const { store } = one.controlPlane.context;
    const content = {
      kind: "ca-set",
      caSetId: id,
      caSetName: "x",
      version: 1,
      fingerprints: [root.fingerprint],
    } as const;
    await store.transaction((queries) => writeEntry(queries, "STAGING", `ca-set/${id}`, content, "now"));
    const node = await two.connect(two.localNode("STAGING"));
    expect(node.newest(`ca-set/${id}`)?.entry.generation.number).toBe(1);
  });

  test("each says what a failover of the database would keep, as the server is set up at that moment", async () => {
    const { one } = await startTwo();
    const said = async () => (await one.ask("GET", "//readyz", { token: null })).body;
    const poll = () => expect.poll(said, { timeout: 120_000 });
    await poll().toMatchObject({ status: "ready", failover: "no-standby" });
    const { db } = one.controlPlane.context.store;
    const set = async (statement: string): Promise<void> => {
      await sql.raw(`ALTER SYSTEM ${statement}`).execute(db);
      await sql`SELECT pg_reload_conf()`.execute(db);
    };
    // There is no standby that a commit could wait for: nothing can be written meanwhile, which it says as well.
    await set("SET synchronous_standby_names = 'other'");
    const reasons = ["The store cannot be written."];
    await poll().toMatchObject({ status: "not ready", failover: "synchronous-standby", reasons });
    await set("SET synchronous_commit = remote_write");
    await poll().toMatchObject({ failover: "asynchronous-standby" });
    await set("RESET ALL");
    await poll().toMatchObject({ status: "ready", failover: "no-standby" });
  });

  test("one with another operator key does not start", async () => {
    const { one } = await startTwo();
    expect(one.controlPlane.identities.STAGING).toBeDefined();
    const database = server.url(`replicas_${count - 1}`);
    const other = start({ database, operatorKey: Buffer.alloc(32, 8).toString("base64") });
    await expect(other).rejects.toMatchObject({ code: "operator-key-unusable" });
  });
});
