import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ActivationView, activation, activationList, caSet, caSetList, version } from "@tcm/api-contract";
import { freePorts, temporaryDirectory, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { openAuditKey } from "./audit/audit-key.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { operatorKey } from "./keys/operator-key.ts";
import { createToken } from "./operations/api-token.ts";
import { openPostgresStore } from "./store/open-postgres.ts";
import type { Store } from "./store/store.ts";
import { type Answer, apiClient } from "./testing/api-client.ts";
import { certificateList, expectStatus } from "./testing/control-plane-harness.ts";
import { ControlPlaneProcess } from "./testing/control-plane-process.ts";
import { openNodeEnroller } from "./testing/node-accounts.ts";
import { PostgresServer, postgresMissing } from "./testing/postgres-server.ts";
import { RoamingNode } from "./testing/roaming-node.ts";

const missing = postgresMissing();
if (missing !== undefined) console.warn(`skipped: control planes on PostgreSQL that die (${missing})`);

/** 200 in a full run. */
const rounds = Number(process.env["TCM_KILL_ROUNDS"] ?? 16);
/** A loaded machine takes seconds to start a process. */
const timeoutMs = 600_000 + rounds * 20_000;
const replicas = [0, 1, 2] as const;
const nodeCount = 6;
const key = Buffer.alloc(32, 7);

/** Control planes on one database, each a process with a data directory of its own. */
class Cluster {
  readonly database: string;
  readonly #homes: readonly { readonly directory: string; readonly ports: readonly [number, number] }[];
  readonly #running: (ControlPlaneProcess | undefined)[] = [];

  private constructor(database: string, ports: readonly number[]) {
    this.database = database;
    this.#homes = replicas.map((i) => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, "operator.key"), `${key.toString("base64")}\n`, { mode: 0o600 });
      return { directory, ports: [ports[2 * i] ?? 0, ports[2 * i + 1] ?? 0] };
    });
  }

  static async start(database: string): Promise<Cluster> {
    const cluster = new Cluster(database, await freePorts(2 * replicas.length));
    onTestFinished(async () => void (await Promise.all(replicas.map((i) => cluster.kill(i)))));
    // All at once: their migrations wait for each other.
    await Promise.all(replicas.map((i) => cluster.run(i)));
    return cluster;
  }

  async run(i: number): Promise<void> {
    const { directory = "", ports = [] } = this.#homes[i] ?? {};
    const more = ["--database", this.database, "--no-local-nodes", "--limits", "caSets=10000,versionsPerCaSet=10000"];
    this.#running[i] = await ControlPlaneProcess.start(directory, ports, more);
  }

  async kill(i: number): Promise<void> {
    await this.#running[i]?.end("SIGKILL");
    this.#running[i] = undefined;
  }

  /** Of one of them: they have one operator key. */
  get directory(): string {
    return this.#homes[0]?.directory ?? "";
  }

  get nodeUrls(): readonly string[] {
    return this.#homes.map(({ ports }) => `https://127.0.0.1:${ports[1]}`);
  }

  /** One request to one of them; undefined when it was not acknowledged. */
  async tell(i: number, token: string, method: string, path: string, body?: unknown): Promise<Answer | undefined> {
    const url = `http://127.0.0.1:${this.#homes[i]?.ports[0]}`;
    const answer = await apiClient(url, token)(method, path, { body }).catch(() => undefined);
    return answer !== undefined && answer.status < 500 ? answer : undefined;
  }

  /** Asks one after the other until one answers. */
  async ask(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const deadline = Date.now() + 120_000;
    for (let i = 0; Date.now() < deadline; i++) {
      const answer = await this.tell(i % replicas.length, token, method, path, body);
      if (answer !== undefined) return answer;
      await delay(20);
    }
    throw new Error(`no control plane answers ${method} ${path}`);
  }
}

async function noneRuns(cluster: Cluster, token: string, caSetId: string): Promise<readonly ActivationView[]> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await cluster.ask(token, "GET", `/ca-sets/${caSetId}/activations`);
    const { activations } = expectStatus(answer, 200, activationList);
    if (activations.every(({ activationStatus }) => activationStatus !== "IN_PROGRESS")) return activations;
    if (Date.now() > deadline) throw new Error(`a deployment does not end: ${answer.text}`);
    await delay(20);
  }
}

async function enrolNodes(store: Store, cluster: Cluster): Promise<readonly RoamingNode[]> {
  const urls = cluster.nodeUrls;
  const enrol = await openNodeEnroller(store, cluster.directory, Date.now);
  return Promise.all(
    Array.from({ length: nodeCount }, async (_, i) => {
      const account = await enrol(`edge-${i}`, "STAGING");
      // Spread over them at the start.
      return new RoamingNode(
        account,
        urls.map((_url, j) => urls[(i + j) % urls.length] ?? ""),
      );
    }),
  );
}

describe.skipIf(missing !== undefined)(
  "three control planes on one PostgreSQL, one of which dies at any moment",
  () => {
    test(
      `every deployment ends once, no node falls back, nothing acknowledged is lost (${rounds} rounds)`,
      async () => {
        const server = await PostgresServer.start();
        onTestFinished(() => server.remove());
        const cluster = await Cluster.start(await server.createDatabase("cluster"));
        const store = await openPostgresStore(cluster.database);
        onTestFinished(() => store.close());
        const token = await createToken(store.db, Date.now, "admin", "test");
        const nodes = await enrolNodes(store, cluster);
        onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.stop()))));
        const pki = testPki({ now: new Date() });
        const created = await cluster.ask(token, "POST", "/ca-sets", { caSetName: "survivor" });
        const { caSetId } = expectStatus(created, 201, caSet);
        const names: string[] = [];
        const acknowledged = new Set<number>();
        const endings = new Map<number, string>();

        for (let round = 0; round < rounds; round++) {
          const victim = round % 4;
          const body = { certificates: certificateList([pki.root(`Root ${round}`)]), requireRootCertificate: false };
          const made = await cluster.ask(token, "POST", `/ca-sets/${caSetId}/versions`, body);
          const { version: number } = expectStatus(made, 201, version);
          const deploy = async (): Promise<void> => {
            const path = `/ca-sets/${caSetId}/versions/${number}/activate`;
            const answer = await cluster.tell(round % replicas.length, token, "POST", path, { network: "STAGING" });
            if (answer !== undefined) acknowledged.add(expectStatus(answer, 202, activation).activationId);
          };
          const write = async (i: number): Promise<void> => {
            for (let n = 0; n < 3; n++) {
              const caSetName = `set-${round}-${i}-${n}`;
              const answer = await cluster.tell(i, token, "POST", "/ca-sets", { caSetName });
              if (answer?.status === 201) names.push(caSetName);
            }
          };
          const deploying = deploy();
          // Half of the rounds hit the proofs of the nodes, and half the request itself.
          if (round % 2 === 0) await deploying;
          const working = Promise.all([deploying, ...replicas.map(write)]);
          await delay((round * 37) % 130);
          // The fourth is the database, which ends as in a crash and comes back.
          await (victim < replicas.length ? cluster.kill(victim) : server.stop("SIGQUIT"));
          await working;
          if (victim === replicas.length) await server.start();

          const activations = await noneRuns(cluster, token, caSetId);
          for (const { activationId, activationStatus, modifiedDate } of activations) {
            const ending = `${activationStatus} ${modifiedDate}`;
            expect(endings.get(activationId) ?? ending, `activation ${activationId} ended twice`).toBe(ending);
            endings.set(activationId, ending);
            expect(activationStatus).toBe("COMPLETE");
          }
          expect([...acknowledged].filter((id) => !endings.has(id))).toEqual([]);
          const newest = activations[0]?.version ?? null;
          for (const node of nodes) {
            expect(node.faults).toEqual([]);
            expect(node.held.get(`ca-set/${caSetId}`)?.version ?? null).toBe(newest);
          }
          if (victim < replicas.length) await cluster.run(victim);
        }

        const listed = expectStatus(await cluster.ask(token, "GET", "/ca-sets"), 200, caSetList);
        const present = new Set(listed.caSets.map(({ caSetName }) => caSetName));
        expect(names.filter((name) => !present.has(name))).toEqual([]);
        expect(acknowledged.size).toBeGreaterThan(rounds / 3);
        expect(names.length).toBeGreaterThan(rounds);
        const { faults } = await verifyAudit(store.db, await openAuditKey(store, operatorKey(key)));
        expect(faults).toEqual([]);
      },
      timeoutMs,
    );
  },
);
