import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { activation, activationList } from "@tcm/api-contract";
import { temporaryDirectory, testPki } from "@tcm/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "./audit/audit-key.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { operatorKey } from "./keys/operator-key.ts";
import { createToken } from "./operations/api-token.ts";
import { openPostgresStore } from "./store/open-postgres.ts";
import type { Store } from "./store/store.ts";
import { type Answer, type Ask, apiClient, problemOf } from "./testing/api-client.ts";
import { certificateList, expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess } from "./testing/control-plane-process.ts";
import { CuttingProxy, type Moment, type Plan } from "./testing/cutting-proxy.ts";
import { FakeNode, staysSilent } from "./testing/fake-node.ts";
import { type NodeAccount, openNodeEnroller } from "./testing/node-accounts.ts";
import { PostgresServer, postgresMissing } from "./testing/postgres-server.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: connections to PostgreSQL that break (${missing})`);

const key = Buffer.alloc(32, 7);
const pki = testPki({ now: new Date() });
const account = { name: "operator@tcm.example", password: "seven green kettles" };
const notAvailable = [503, "store-not-available"];
const soon = { timeout: 60_000 };
/** More statements than any write has. */
const manyStatements = 200;

/** A control plane whose connections to its database can be cut, and the database as it is. */
type Place = {
  readonly plane: ControlPlaneProcess;
  readonly proxy: CuttingProxy;
  readonly store: Store;
  readonly tables: readonly string[];
  readonly ask: Ask;
};

/** `find` looks up what the write needs, before anything is cut: what was undone has used up its number. */
type Write = { readonly name: string; readonly find: (ask: Ask, store: Store) => Promise<() => Promise<Answer>> };

const write = (name: string, method: string, find: (ask: Ask) => Promise<string> | string, body?: object): Write => ({
  name,
  find: async (ask) => {
    const path = await find(ask);
    return () => ask(method, path, body === undefined ? {} : { body });
  },
});

async function field(ask: Ask, path: string, list: string, name: string, of = 0): Promise<string> {
  const { body } = await ask("GET", path);
  return String((body as Record<string, readonly Record<string, unknown>[]>)[list]?.[of]?.[name]);
}

const set = async (ask: Ask) => `/ca-sets/${await field(ask, "/ca-sets", "caSets", "caSetId")}`;
const first = async (ask: Ask) => `${await set(ask)}/versions/1`;
const newest = async (ask: Ask) =>
  `${await first(ask)}/activations/${await field(ask, `${await set(ask)}/activations`, "activations", "activationId")}`;
const edgeCertificate = async (ask: Ask) =>
  `/edge-certificates/${await field(ask, "/edge-certificates", "edgeCertificates", "edgeCertificateId")}?confirm=true`;
const version = { certificates: certificateList([pki.root("A")]) };
const hostnames = ["api.tcm.example"];

/** Every write of the API, in an order in which each of them can be done. */
const writes: readonly Write[] = [
  write("create a set", "POST", () => "/ca-sets", { caSetName: "first" }),
  write("rename it", "PATCH", set, { caSetName: "second" }),
  write("create a version", "POST", async (ask) => `${await set(ask)}/versions`, version),
  write("change it", "PUT", first, { certificates: certificateList([pki.root("B"), pki.root("C")]) }),
  write("clone it", "POST", async (ask) => `${await first(ask)}/clone`),
  write("clone the set", "POST", async (ask) => `${await set(ask)}/clone`, { caSetName: "third", description: null }),
  write("delete the clone", "DELETE", set),
  write("deploy where there are no nodes", "POST", async (ask) => `${await first(ask)}/activate`, {
    network: "PRODUCTION",
  }),
  write("deploy where there are nodes", "POST", async (ask) => `${await first(ask)}/activate`, { network: "STAGING" }),
  write("exclude a node", "POST", async (ask) => `${await newest(ask)}/nodes/exclude`, { nodeId: "silent-a" }),
  write("cancel", "POST", async (ask) => `${await newest(ask)}/cancel`),
  write("deploy to one node first", "POST", async (ask) => `${await first(ask)}/activate`, {
    network: "STAGING",
    strategy: "ONE_NODE_FIRST",
  }),
  write("drain the first node", "PATCH", () => "/edge-nodes/silent-a", { drained: true }),
  write("remove it", "DELETE", () => "/edge-nodes/silent-a"),
  write("remove the last node, which ends the deployment", "DELETE", () => "/edge-nodes/silent-b"),
  {
    name: "bind a hostname",
    find: async (ask) => {
      const caSetId = (await set(ask)).split("/")[2];
      const body = { hostnames, clientAuthentication: { caSetId: caSetId } };
      return () => ask("POST", "/edge-certificates", { body });
    },
  },
  write("let it observe", "PATCH", edgeCertificate, { clientAuthentication: { mode: "observe" } }),
  write("unbind it", "DELETE", edgeCertificate),
  write("deactivate on staging", "POST", async (ask) => `${await first(ask)}/deactivate`, { network: "STAGING" }),
  write("deactivate on production", "POST", async (ask) => `${await first(ask)}/deactivate`, { network: "PRODUCTION" }),
  write("delete a version", "DELETE", async (ask) => `${await set(ask)}/versions/2`),
  write("delete the set", "DELETE", set),
  write("create a user", "POST", () => "/users", { ...account, role: "editor" }),
  {
    name: "sign in",
    find: async (ask, { db }) => {
      // Tries count, also those that the database did not let end.
      await db.deleteFrom("sign_in_attempts").execute();
      return () => ask("POST", "/session", { token: null, body: account, headers: { "x-tcm-request": "page" } });
    },
  },
  write("change the user", "PATCH", async (ask) => `/users/${await field(ask, "/users", "users", "userId")}`, {
    role: "viewer",
  }),
  write("create a token", "POST", () => "/tokens", { name: "of a test", role: "viewer" }),
  write("revoke it", "DELETE", async (ask) => `/tokens/${await field(ask, "/tokens", "tokens", "tokenId")}`),
  write("create an API client", "POST", () => "/api-clients", { name: "of a test", role: "viewer" }),
  write(
    "revoke the client",
    "DELETE",
    async (ask) => `/api-clients/${await field(ask, "/api-clients", "apiClients", "apiClientId")}`,
  ),
  write("make a join token", "POST", () => "/edge-nodes/join-tokens", { network: "STAGING", engine: "built-in" }),
  write("rotate a signing key", "POST", () => "/signing-keys/rotate", { network: "STAGING" }),
];

/** What has a life of its own: counts of tries, times of use, what readiness and the watch over the audit record write. */
const unwatched: ReadonlySet<string> = new Set(["meta", "sign_in_attempts", "api_tokens", "audit_heads"]);

/** Behind the lock of writers: whoever was cut off has been undone by then. One statement, for it is asked hundreds of times. */
async function everyRow({ store, tables }: Place): Promise<string> {
  const rows = tables.map((name) => sql`(SELECT json_agg(x ORDER BY x::text) FROM ${sql.table(name)} AS x)`);
  return store.transaction(async (queries) => {
    const all = await sql<object>`SELECT json_build_array(${sql.join(rows)})::text AS rows`.execute(queries);
    return JSON.stringify(all.rows);
  });
}

async function watchedTables({ db }: Store): Promise<readonly string[]> {
  const all = await db.introspection.getTables();
  return all.filter(({ isView, name }) => !isView && !unwatched.has(name)).map(({ name }) => name);
}

describe.skipIf(missing !== undefined)("the connection to the database breaks in the middle of a write", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());

  async function begin(name: string): Promise<Place> {
    const store = await openPostgresStore(await server.createDatabase(name));
    onTestFinished(() => store.close());
    const proxy = await CuttingProxy.start(server.port);
    onTestFinished(() => proxy.close());
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "operator.key"), `${key.toString("base64")}\n`, { mode: 0o600 });
    const database = `postgres://tcm@127.0.0.1:${proxy.port}/${name}`;
    const more = ["--database", database, "--no-local-nodes", "--limits", "requestsPerMinute=1000000"];
    const plane = await ControlPlaneProcess.start(directory, [0, 0], more);
    onTestFinished(async () => void (await plane.end("SIGKILL")));
    const token = await createToken(store.db, Date.now, "admin", "test");
    const ask = apiClient(plane.url, token);
    // In the row of its writes this one comes after those of the start.
    await ask("POST", "/edge-nodes/join-tokens", { body: { network: "STAGING", engine: "built-in" } });
    return { plane, proxy, store, tables: await watchedTables(store), ask };
  }

  const enrol = async (store: Store, name: string): Promise<NodeAccount> =>
    (await openNodeEnroller(store, "", Date.now, key.toString("base64")))(name, "STAGING");

  async function expectWholeRecord({ store }: Place): Promise<void> {
    const { faults } = await verifyAudit(store.db, await openAuditKey(store, operatorKey(key)));
    expect(faults).toEqual([]);
  }

  /** Sends it with a cut; answers what was cut, and whether the write is there. */
  async function sendCut(place: Place, { name, find }: Write, nth: number, moment: Moment, before: string) {
    const send = await find(place.ask, place.store);
    place.proxy.arm({ nth, moment });
    const answer = await send();
    const cut = place.proxy.disarm();
    const where = `${name}, ${moment} statement ${nth}: ${answer.text}`;
    // What comes after the commit is not part of the write: it may have been acknowledged.
    if (cut === undefined) expect(answer.status, where).toBeLessThan(300);
    else if (answer.status >= 300) expect([answer.status, problemOf(answer).slug], where).toEqual(notAvailable);
    return { cut, isThere: (await everyRow(place)) !== before, where };
  }

  /** Before each of its statements in turn, and after each commit, until it is there; answers how many cuts that took. */
  async function cutEverywhere(place: Place, one: Write): Promise<number> {
    const before = await everyRow(place);
    let cuts = 0;
    for (let nth = 1; nth < manyStatements; nth++) {
      const { cut, isThere, where } = await sendCut(place, one, nth, "before", before);
      if (cut === undefined) return cuts;
      expect(isThere, where).toBe(false);
      cuts += 1;
      if (cut !== "commit") continue;
      cuts += 1;
      if ((await sendCut(place, one, nth, "after", before)).isThere) return cuts;
    }
    throw new Error(`${one.name} does not come through`);
  }

  test("before any statement, or after the commit: each write is there or not at all, and can be repeated", async () => {
    const place = await begin("cut");
    for (const name of ["silent-a", "silent-b"]) await enrol(place.store, name);
    const cuts = new Map<string, number>();
    for (const one of writes) cuts.set(one.name, await cutEverywhere(place, one));
    expect([...cuts].filter(([, count]) => count < 3)).toEqual([]);
    await expectWholeRecord(place);
    console.info(`${[...cuts.values()].reduce((sum, count) => sum + count, 0)} cuts in ${cuts.size} writes`);
  });

  /** After the last statement of a write only whether it was heard of is left to be cut. */
  const nextPlan = ({ nth, moment }: Plan, cuts: readonly unknown[]): Plan =>
    moment === "before" && cuts.includes("commit") ? { nth, moment: "after" } : { nth: nth + 1, moment: "before" };

  test("what a node says in such a moment is heard in the end, and counts once", async () => {
    const place = await begin("told");
    const { ask, proxy, plane, store } = place;
    const edge = await enrol(store, "edge");
    await ask("POST", "/ca-sets", { body: { caSetName: "told" } });
    const id = await set(ask);
    let plan: Plan = { nth: 1, moment: "before" };
    let number = 0;
    for (
      let cuts: readonly unknown[] = ["none yet"];
      cuts.some((cut) => cut !== undefined);
      plan = nextPlan(plan, cuts)
    ) {
      number += 1;
      const body = { certificates: certificateList([pki.root(`Root ${number}`)]) };
      await ask("POST", `${id}/versions`, { body });
      const node = await FakeNode.connect(plane.ready.nodeUrl, edge, staysSilent);
      const begun = await ask("POST", `${id}/versions/${number}/activate`, { body: { network: "STAGING" } });
      const { activationLink } = expectStatus(begun, 202, activation);
      const hasEnded = async () =>
        activation.parse((await ask("GET", `/${activationLink}`)).body).activationStatus !== "IN_PROGRESS";
      await node.until(() => node.announced.at(-1)?.entry.generation.number === number);
      proxy.arm(plan);
      for (const { entry } of node.announced.slice(-1)) node.reports(entry, "verified");
      await expect.poll(async () => node.isClosed || (await hasEnded()), soon).toBe(true);
      const cutOfReport = proxy.disarm();
      await node.close();
      // The hello is a write too.
      proxy.arm(plan);
      const greeted = await FakeNode.connect(plane.ready.nodeUrl, edge).catch(() => undefined);
      cuts = [cutOfReport, proxy.disarm()];
      await greeted?.close();
      const again = await FakeNode.connect(plane.ready.nodeUrl, edge);
      await expect.poll(hasEnded, soon).toBe(true);
      await again.close();
    }
    const { activations } = expectStatus(await ask("GET", `${id}/activations`), 200, activationList);
    expect(activations.map(({ activationStatus }) => activationStatus)).toEqual(
      Array.from({ length: number }, () => "COMPLETE"),
    );
    expect(number).toBeGreaterThan(6);
    await expectWholeRecord(place);
  });
});
