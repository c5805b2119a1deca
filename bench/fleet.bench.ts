import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openExistingStore } from "../apps/control-plane/src/store/open-store.ts";
import { openNodeEnroller } from "../apps/control-plane/src/testing/node-accounts.ts";
import { Instance } from "../tests/e2e/instance.ts";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { mintedAuthorities } from "./corpus.ts";
import type { FleetOrder } from "./fleet/simulated-agents.ts";
import { median } from "./measure.ts";
import { cpuMsOf, residentKbOf } from "./processes.ts";

const deployments = 5;
const cas = 300;

/** Fewer for a quick look: `TCM_BENCH_AGENTS=100,1000`. */
const counts = (process.env["TCM_BENCH_AGENTS"] ?? "100,1000,5000").split(",").map(Number);

export const fleetBenchmark: Benchmark = {
  name: "fleet",
  about: "a one-CA change of a set of 300, until simulated agents have all proved it",
  run: async () => {
    const rows: BenchmarkRow[] = [];
    for (const count of counts) rows.push(...(await measureFleet(count)));
    return {
      rows,
      notes: [
        "one client process plays all agents on the same two cores, and is the bottleneck: the server's CPU is the figure to plan with",
        `medians of ${deployments} deployments; agents fetch the one certificate that they lack`,
        "the cost of a deployment as such, asking for its end every 20 ms included, is that to the one local node before the agents connect",
      ],
    };
  },
};

async function measureFleet(count: number): Promise<readonly BenchmarkRow[]> {
  const instance = await Instance.start();
  let fleet: ChildProcess | undefined;
  try {
    const { controlPlane } = instance.processIds();
    const caSetId = await createVersions(instance);
    const alone = await deployAll(instance, controlPlane, caSetId);
    const order = await enrol(instance, count);
    fleet = fork(fileURLToPath(new URL("./fleet/simulated-agents.ts", import.meta.url)), {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const memoryBefore = residentKbOf(controlPlane);
    const connected = once(fleet, "message");
    fleet.send(order);
    await connected;
    const memory = residentKbOf(controlPlane) - memoryBefore;
    const all = await deployAll(instance, controlPlane, caSetId);
    return rowsOf(count, all, alone, memory / count);
  } finally {
    fleet?.disconnect();
    await instance.remove();
  }
}

type Cost = { readonly wallMs: number; readonly cpuMs: number };

function rowsOf(count: number, all: Cost, alone: Cost, memoryKb: number): readonly BenchmarkRow[] {
  const within = count === 1_000 ? 1_000 : count === 5_000 ? 5_000 : undefined;
  const atMost = (value: number) => ({ target: { relation: "at most", value } as const });
  return [
    { what: `${count} agents, all proved`, value: all.wallMs, unit: "ms", ...(within !== undefined && atMost(within)) },
    {
      what: `${count} agents, server CPU`,
      value: all.cpuMs / count,
      unit: "ms per agent",
      ...(count >= 1_000 && atMost(0.3)),
    },
    { what: `${count} agents, of it the deployment as such`, value: alone.cpuMs, unit: "ms in all" },
    {
      what: `${count} agents, server CPU beyond that`,
      value: (all.cpuMs - alone.cpuMs) / count,
      unit: "ms per agent",
      ...atMost(0.3),
    },
    { what: `${count} agents, server memory`, value: memoryKb, unit: "KB per agent" },
  ];
}

async function enrol(instance: Instance, count: number): Promise<FleetOrder> {
  const store = await openExistingStore(instance.directory);
  const enrolOne = await openNodeEnroller(store, instance.directory, Date.now);
  const nodes: FleetOrder["nodes"][number][] = [];
  for (let i = 0; i < count; i++) nodes.push(await enrolOne(`bench-${i}`, "STAGING"));
  await store.close();
  return { nodeUrl: `https://127.0.0.1:${instance.ports.node}`, nodes };
}

async function createVersions(instance: Instance): Promise<string> {
  const authorities = mintedAuthorities(cas + 1).map(({ pem }) => pem);
  const caSetId = await instance.createSet("fleet", authorities.slice(0, cas));
  await instance.createVersion(caSetId, [...authorities.slice(0, cas - 1), authorities[cas] ?? ""]);
  return caSetId;
}

async function deployAll(instance: Instance, controlPlane: number, caSetId: string): Promise<Cost> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i <= deployments; i++) {
    const cpuBefore = cpuMsOf(controlPlane);
    const begin = performance.now();
    const ended = await instance.ended(await instance.activate(caSetId, (i % 2) + 1, "STAGING"), 120_000);
    if (ended.activationStatus !== "COMPLETE") throw new Error(`not deployed: ${ended.failureReason}`);
    wall.push(performance.now() - begin);
    cpu.push(cpuMsOf(controlPlane) - cpuBefore);
  }
  // The first hands out all certificates.
  return { wallMs: median(wall.slice(1)), cpuMs: median(cpu.slice(1)) };
}
