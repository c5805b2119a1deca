import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryDirectory, freePorts, removeDirectory } from "@tcm/testkit";
import { PostgresServer, postgresMissing } from "../apps/control-plane/src/testing/postgres-server.ts";
import { type Ask, asker, benchToken, must, unlimited } from "./api/client.ts";
import type { Benchmark } from "./benchmark.ts";
import { type ControlPlaneProcess, startControlPlane } from "./control-plane-process.ts";
import { mintedAuthorities } from "./corpus.ts";
import { median } from "./measure.ts";
import { residentKbOf } from "./processes.ts";
import { startAgent } from "./takeover/agent-process.ts";

const rounds = 9;
const replicas = 3;
const certificates = 300;

export const takeoverBenchmark: Benchmark = {
  name: "takeover",
  about: "three control planes on one PostgreSQL, the one with the node dies by kill -9 in the middle of a deployment",
  run: async () => {
    const missing = postgresMissing();
    if (missing !== undefined) return { rows: [], notes: [`not measured: ${missing}`] };
    const server = await PostgresServer.start();
    const cluster = await Cluster.start(await server.createDatabase("takeover"));
    try {
      const times = await cluster.measure();
      const row = (what: string, values: readonly number[]) => ({ what, value: median(values), unit: "ms" });
      return {
        rows: [
          row("deployment without a death", times.undisturbed),
          row("death to the node served by another", times.served),
          { what: "the same, slowest round", value: Math.max(...times.served), unit: "ms" },
          row("death to the deployment complete", times.complete),
          { what: "a control plane", value: cluster.megabytes(), unit: "MB resident" },
        ],
        notes: [
          `medians of ${rounds} rounds; a real agent with the built-in edge, a one-CA change of ${certificates}; asked every 5 ms`,
          "an agent waits 125 to 250 ms before it tries the next control plane in its list, so that a fleet does not come back in one instant",
        ],
      };
    } finally {
      await cluster.remove();
      await server.remove();
    }
  },
};

type Times = { readonly undisturbed: number[]; readonly served: number[]; readonly complete: number[] };
type Home = { readonly directory: string; readonly ports: readonly number[] };

/** Control planes on one database, and the agent of the first one's staging node, who knows all of them. */
class Cluster {
  readonly #database: string;
  readonly #homes: readonly Home[];
  readonly #planes: ControlPlaneProcess[] = [];
  #token = "";

  private constructor(database: string, ports: readonly number[]) {
    this.#database = database;
    this.#homes = Array.from({ length: replicas }, (_, i) => {
      const directory = createTemporaryDirectory();
      const key = `${Buffer.alloc(32, 7).toString("base64")}\n`;
      writeFileSync(join(directory, "operator.key"), key, { mode: 0o600 });
      return { directory, ports: ports.slice(2 * i, 2 * i + 2) };
    });
  }

  static async start(database: string): Promise<Cluster> {
    const cluster = new Cluster(database, await freePorts(2 * replicas));
    for (let i = 0; i < replicas; i++) await cluster.#run(i);
    cluster.#token = await benchToken(cluster.#homes[0]?.directory ?? "", database);
    return cluster;
  }

  async #run(i: number): Promise<void> {
    const { directory, ports } = this.#home(i);
    const args = i === 0 ? [] : ["--no-local-nodes"];
    const env = { ...unlimited, TCM_DATABASE: this.#database };
    this.#planes[i] = await startControlPlane(directory, { env, ports, args });
  }

  #home(i: number): Home {
    const home = this.#homes[i];
    if (home === undefined) throw new Error(`there is no control plane ${i}`);
    return home;
  }

  #ask(i: number): Ask {
    return asker(`http://127.0.0.1:${this.#home(i % replicas).ports[0]}`, this.#token);
  }

  async measure(): Promise<Times> {
    const nodeUrls = this.#homes.map(({ ports }) => `https://127.0.0.1:${ports[1]}`);
    const agent = await startAgent(this.#planes[0]?.identities.STAGING ?? "", nodeUrls);
    const times: Times = { undisturbed: [], served: [], complete: [] };
    try {
      await this.#createVersions();
      await this.#deploy(0, 1);
      for (let round = 0; round < rounds; round++) {
        times.undisturbed.push(await this.#deploy(0, 2));
        const victim = nodeUrls.indexOf(agent.connectedTo());
        const link = await this.#begin(victim + 1, 1);
        const connected = agent.nextConnection();
        const death = performance.now();
        await this.#planes[victim]?.stop("SIGKILL");
        times.served.push((await connected) - death);
        await this.#complete(victim + 1, link);
        times.complete.push(performance.now() - death);
        await this.#run(victim);
      }
    } finally {
      await agent.stop();
    }
    return times;
  }

  /** Two versions that differ in one CA. */
  async #createVersions(): Promise<void> {
    const pems = mintedAuthorities(certificates + 1).map(({ pem }) => ({ certificatePem: pem }));
    await must(await this.#ask(0)("POST", "/ca-sets", { caSetName: "takeover" }), 201);
    for (const list of [pems.slice(0, -1), [...pems.slice(0, -2), ...pems.slice(-1)]])
      await must(await this.#ask(0)("POST", "/ca-sets/1/versions", { certificates: list }), 201);
  }

  async #deploy(i: number, version: number): Promise<number> {
    const begin = performance.now();
    await this.#complete(i, await this.#begin(i, version));
    return performance.now() - begin;
  }

  async #begin(i: number, version: number): Promise<string> {
    const response = await this.#ask(i)("POST", `/ca-sets/1/versions/${version}/activate`, { network: "STAGING" });
    const { activationLink } = (await response.json()) as { readonly activationLink?: string };
    if (activationLink === undefined) throw new Error(`not begun: ${response.status}`);
    return activationLink.replace(/^\/?mtls-edge-truststore\/v2/, "");
  }

  async #complete(i: number, link: string): Promise<void> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const view = (await (await this.#ask(i)("GET", link)).json()) as { readonly activationStatus?: string };
      if (view.activationStatus === "COMPLETE") return;
      if (view.activationStatus !== "IN_PROGRESS" || performance.now() > deadline)
        throw new Error(`the deployment does not complete: ${JSON.stringify(view)}`);
      await new Promise((resume) => setTimeout(resume, 5));
    }
  }

  megabytes(): number {
    return median(this.#planes.map(({ processId }) => residentKbOf(processId) / 1_024));
  }

  async remove(): Promise<void> {
    await Promise.all(this.#planes.map((plane) => plane.stop("SIGKILL")));
    for (const { directory } of this.#homes) removeDirectory(directory);
  }
}
