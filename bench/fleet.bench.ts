import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { enrolNode } from "../apps/control-plane/src/operations/enrol-node.ts";
import { openExistingStore } from "../apps/control-plane/src/store/open-store.ts";
import { Instance } from "../tests/e2e/instance.ts";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { mintedAuthorities } from "./corpus.ts";
import type { FleetOrder } from "./fleet/simulated-agents.ts";
import { median } from "./measure.ts";

const deployments = 5;
const cas = 300;

export const fleetBenchmark: Benchmark = {
  name: "fleet",
  about: "a one-CA change of a set of 300, until simulated agents have all proved it",
  run: async () => {
    const rows: BenchmarkRow[] = [];
    for (const count of [100, 1_000, 5_000]) rows.push(...(await measureFleet(count)));
    return {
      rows,
      notes: [
        "one client process plays all agents on the same two cores, and is the bottleneck: the server's CPU is the figure to plan with",
        `medians of ${deployments} deployments; agents fetch the one certificate that they lack`,
      ],
    };
  },
};

async function measureFleet(count: number): Promise<readonly BenchmarkRow[]> {
  const instance = await Instance.start();
  let fleet: ChildProcess | undefined;
  try {
    const order = await enrol(instance, count);
    fleet = fork(fileURLToPath(new URL("./fleet/simulated-agents.ts", import.meta.url)), {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const { controlPlane } = instance.processIds();
    const memoryBefore = residentKb(controlPlane);
    const connected = once(fleet, "message");
    fleet.send(order);
    await connected;
    const memory = residentKb(controlPlane) - memoryBefore;
    const { wallMs, cpuMs } = await deployAll(instance, controlPlane);
    const target = count === 1_000 ? 1_000 : count === 5_000 ? 5_000 : undefined;
    const within = target !== undefined && { target: { relation: "at most", value: target } as const };
    return [
      { what: `${count} agents, all proved`, value: wallMs, unit: "ms", ...within },
      {
        what: `${count} agents, server CPU`,
        value: cpuMs / count,
        unit: "ms per agent",
        target: { relation: "at most", value: 0.3 },
      },
      { what: `${count} agents, server memory`, value: memory / count, unit: "KB per agent" },
    ];
  } finally {
    fleet?.disconnect();
    await instance.remove();
  }
}

async function enrol(instance: Instance, count: number): Promise<FleetOrder> {
  const store = await openExistingStore(instance.directory);
  const nodes: FleetOrder["nodes"][number][] = [];
  for (let i = 0; i < count; i++) {
    const { nodeId, credential } = await enrolNode(store, Date.now, `bench-${i}`, "STAGING");
    nodes.push({ nodeId, network: "STAGING", credential });
  }
  await store.close();
  return { nodeUrl: `http://127.0.0.1:${instance.ports.node}`, nodes };
}

async function deployAll(instance: Instance, controlPlane: number) {
  const authorities = mintedAuthorities(cas + 1).map(({ pem }) => pem);
  const caSetId = await instance.createSet("fleet", authorities.slice(0, cas));
  await instance.createVersion(caSetId, [...authorities.slice(0, cas - 1), authorities[cas] ?? ""]);
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

function residentKb(processId: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1]);
}

/** User and system time, in clock ticks of 10 ms. */
function cpuMsOf(processId: number): number {
  const fields = readFileSync(`/proc/${processId}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
