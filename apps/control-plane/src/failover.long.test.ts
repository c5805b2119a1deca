import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { activation, activationList, caSet, caSetList, version } from "@tcm/api-contract";
import { freePorts, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "./audit/audit-key.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { operatorKey } from "./keys/operator-key.ts";
import { createToken } from "./operations/api-token.ts";
import { openPostgresStore } from "./store/open-postgres.ts";
import type { Store } from "./store/store.ts";
import { type Ask, apiClient, refusal } from "./testing/api-client.ts";
import { certificateList, expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess } from "./testing/control-plane-process.ts";
import { type NodeAccount, openNodeEnroller } from "./testing/node-accounts.ts";
import { PostgresServer, postgresMissing } from "./testing/postgres-server.ts";
import { RoamingNode } from "./testing/roaming-node.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: failover of PostgreSQL (${missing})`);

const rounds = Number(process.env["TCM_FAILOVER_ROUNDS"] ?? 4);
/** Each makes two servers, and starts two processes, on a machine that may have much to do. */
const timeoutMs = 600_000 + rounds * 60_000;
const writers = 4;
const key = Buffer.alloc(32, 7);

type Pair = { readonly primary: PostgresServer; readonly standby: PostgresServer; readonly url: string };

async function startPair(isSynchronous: boolean): Promise<Pair> {
  const primary = await PostgresServer.start();
  onTestFinished(() => primary.remove());
  await primary.createDatabase("tcm");
  const standby = await primary.startStandby(isSynchronous);
  onTestFinished(() => standby.remove());
  const hosts = [standby, primary].map(({ port }) => `127.0.0.1:${port}`).join(",");
  return { primary, standby, url: `postgres://tcm@${hosts}/tcm?target_session_attrs=read-write` };
}

async function startControlPlane(database: string): Promise<ControlPlaneProcess> {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "operator.key"), `${key.toString("base64")}\n`, { mode: 0o600 });
  const more = ["--database", database, "--no-local-nodes", "--limits", "caSets=10000,requestsPerMinute=1000000"];
  const started = await ControlPlaneProcess.start(directory, await freePorts(2), more);
  onTestFinished(async () => void (await started.end("SIGKILL")));
  return started;
}

async function open(url: string): Promise<Store> {
  const store = await openPostgresStore(url);
  onTestFinished(() => store.close());
  return store;
}

async function readyz(url: string): Promise<{ readonly status?: string; readonly failover?: string }> {
  const response = await fetch(`${url}/readyz`);
  return (await response.json()) as { readonly status?: string; readonly failover?: string };
}

type Writing = {
  /** Resolves when there are so many more that were acknowledged. */
  acknowledges(more: number): Promise<void>;
  /** Resolves with what was acknowledged until then. */
  stop(): Promise<readonly string[]>;
};

/** Makes sets without a pause. */
function writeOn(asks: readonly Ask[], prefix: string): Writing {
  const acknowledged: string[] = [];
  const ended = new AbortController();
  const write = async (ask: Ask, writer: number): Promise<void> => {
    for (let n = 0; !ended.signal.aborted; n++) {
      const caSetName = `${prefix}-${writer}-${n}`;
      const answer = await ask("POST", "/ca-sets", { body: { caSetName } }).catch(() => undefined);
      if (answer?.status === 201) acknowledged.push(caSetName);
      else await delay(20);
    }
  };
  const working = Promise.all(Array.from({ length: writers }, (_, i) => write(asks[i % asks.length] ?? neverAsked, i)));
  return {
    acknowledges: async (more) => {
      const wanted = acknowledged.length + more;
      await expect.poll(() => acknowledged.length, soon).toBeGreaterThanOrEqual(wanted);
    },
    stop: async () => {
      ended.abort();
      await working;
      return acknowledged;
    },
  };
}

/** Much is started at once, and an answer of readiness is a second old. */
const soon = { timeout: 60_000 };
async function enrolOn(store: Store): Promise<NodeAccount> {
  const enrol = await openNodeEnroller(store, "", Date.now, key.toString("base64"));
  return enrol("edge", "STAGING");
}

const neverAsked: Ask = () => Promise.reject(new Error("nobody to ask"));

describe.skipIf(missing !== undefined)("the server dies in the middle of writes, and its standby is promoted", () => {
  test(
    `a synchronous one has everything that was acknowledged, and a deployment goes on (${rounds} rounds)`,
    async () => {
      for (let round = 0; round < rounds; round++) {
        const { primary, standby, url } = await startPair(true);
        const planes = await Promise.all([startControlPlane(url), startControlPlane(url)]);
        const store = await open(url);
        const token = await createToken(store.db, Date.now, "admin", "test");
        const asks = planes.map(({ url: to }) => apiClient(to, token));
        const [ask = neverAsked] = asks;
        await expect.poll(() => readyz(planes[0].url), soon).toMatchObject({ failover: "synchronous-standby" });
        const nodeUrls = planes.map(({ ready }) => ready.nodeUrl);
        const node = new RoamingNode(await enrolOn(store), nodeUrls);
        onTestFinished(() => node.stop());
        const { caSetId } = expectStatus(
          await ask("POST", "/ca-sets", { body: { caSetName: "deployed" } }),
          201,
          caSet,
        );
        const body = { certificates: certificateList([testPki({ now: new Date() }).root("A")]) };
        expectStatus(await ask("POST", `/ca-sets/${caSetId}/versions`, { body }), 201, version);

        const writing = writeOn(asks, `r${round}`);
        await writing.acknowledges(writers);
        await delay((round * 97) % 400);
        const deploying = ask("POST", `/ca-sets/${caSetId}/versions/1/activate`, { body: { network: "STAGING" } });
        const begun = deploying.catch(() => undefined);
        // Half of the rounds hit the proof of the node, and half the request itself.
        if (round % 2 === 0) await begun;
        await delay((round * 13) % 60);
        await primary.stop("SIGKILL");
        await standby.promote();
        await expect.poll(() => readyz(planes[0].url), soon).toMatchObject({ status: "ready", failover: "no-standby" });
        const before = (await ask("GET", "/ca-sets")).status;
        expect(before).toBe(200);
        await writing.acknowledges(writers);
        const acknowledged = await writing.stop();
        const { caSets } = expectStatus(await ask("GET", "/ca-sets"), 200, caSetList);
        const present = new Set(caSets.map(({ caSetName }) => caSetName));
        expect(acknowledged.filter((name) => !present.has(name))).toEqual([]);

        const answer = await begun;
        if (answer?.status === 202) {
          const { activationId } = expectStatus(answer, 202, activation);
          const list = () => ask("GET", `/ca-sets/${caSetId}/activations`);
          await expect
            .poll(async () => expectStatus(await list(), 200, activationList).activations, soon)
            .toMatchObject([{ activationId, activationStatus: "COMPLETE" }]);
          expect(node.held.get(`ca-set/${caSetId}`)?.version).toBe(1);
        }
        expect(node.faults).toEqual([]);
        const { faults } = await verifyAudit(store.db, await openAuditKey(store, operatorKey(key)));
        expect(faults).toEqual([]);
        console.info(
          `round ${round}: ${acknowledged.length} writes acknowledged, deployment ${answer?.status ?? "unanswered"}`,
        );
        await node.stop();
        await Promise.all(planes.map((plane) => plane.end("SIGKILL")));
        await store.close();
        await Promise.all([primary.remove(), standby.remove()]);
      }
    },
    timeoutMs,
  );

  test.each([
    ["an asynchronous one lacks what was acknowledged while it was cut off", false],
    ["while a synchronous one is cut off, nothing is acknowledged that it would lack", true],
  ])("%s", async (_what, isSynchronous) => {
    const { primary, standby, url } = await startPair(isSynchronous);
    const plane = await startControlPlane(url);
    const token = await createToken((await open(url)).db, Date.now, "admin", "test");
    const ask = apiClient(plane.url, token);
    await standby.run("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
    await expect.poll(() => primary.count("pg_stat_replication"), soon).toBe(0);
    const writing = writeOn([ask], "cut-off");
    const committing = "pg_stat_activity WHERE wait_event = 'SyncRep'";
    if (isSynchronous) {
      await expect.poll(() => primary.count(committing), soon).toBeGreaterThan(0);
      // Time in which it could be acknowledged all the same.
      await delay(1_000);
    } else await writing.acknowledges(1);
    await primary.stop("SIGKILL");
    await standby.promote();
    const acknowledged = await writing.stop();
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ status: "ready" });
    const { caSets } = expectStatus(await ask("GET", "/ca-sets"), 200, caSetList);
    const present = new Set(caSets.map(({ caSetName }) => caSetName));
    const lacking = acknowledged.filter((name) => !present.has(name));
    if (isSynchronous) expect(lacking).toEqual([]);
    else expect(lacking.length).toBeGreaterThan(0);
  });

  test("readiness tells an asynchronous standby from a synchronous one, and a control plane needs the one that writes", async () => {
    const { primary, standby, url } = await startPair(false);
    const plane = await startControlPlane(url);
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ failover: "asynchronous-standby" });
    await primary.run("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()");
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ failover: "synchronous-standby" });
    await primary.run("ALTER SYSTEM SET synchronous_commit = 'remote_write'", "SELECT pg_reload_conf()");
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ failover: "asynchronous-standby" });
    await standby.stop("SIGQUIT");
    await primary.run("ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()");
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ failover: "no-standby" });
  });

  test("a server that takes no writes, and one that is away, are told apart: reads go on with the first", async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.remove());
    const plane = await startControlPlane(await server.createDatabase("tcm"));
    const token = await createToken((await open(server.url("tcm"))).db, Date.now, "admin", "test");
    const ask = apiClient(plane.url, token);
    const write = async (caSetName: string) => (await ask("POST", "/ca-sets", { body: { caSetName } })).status;
    const refused = async (method: string, body?: object) => refusal(await ask(method, "/ca-sets", { body }));
    expect(await write("before")).toBe(201);
    await server.run("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ status: "not ready" });
    // Each connection of the pool hears of it for itself.
    const refusedWrite = () => refused("POST", { caSetName: `refused-${Date.now()}` });
    await expect.poll(refusedWrite, soon).toEqual([503, "store-not-writable"]);
    expect((await ask("GET", "/ca-sets")).status).toBe(200);
    await server.run("SET default_transaction_read_only = off", "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()");
    await expect.poll(() => write(`again-${Date.now()}`), soon).toBe(201);
    await server.stop("SIGQUIT");
    expect(await refused("POST", { caSetName: "refused" })).toEqual([503, "store-not-available"]);
    expect(await refused("GET")).toEqual([503, "store-not-available"]);
    await server.start();
    await expect.poll(() => write(`back-${Date.now()}`), soon).toBe(201);
    await expect.poll(() => readyz(plane.url), soon).toMatchObject({ status: "ready" });
  });
});
