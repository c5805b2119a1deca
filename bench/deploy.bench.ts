import { readFileSync } from "node:fs";
import { Instance } from "../tests/e2e/instance.ts";
import type { Benchmark, BenchmarkRow } from "./benchmark.ts";
import { mintedAuthorities } from "./corpus.ts";
import { median } from "./measure.ts";

const starts = 5;
const deployments = 10;

export const deployBenchmark: Benchmark = {
  name: "deploy",
  about: "start to ready, and activation to proved on both edges, with real processes",
  run: async () => {
    const started = performance.now();
    const instance = await Instance.start();
    try {
      const cold = performance.now() - started;
      const small = await activations(instance, 5);
      const large = await activations(instance, 300);
      const memory = memoryRows(instance);
      return {
        rows: [
          { what: "first start, token included", value: cold, unit: "ms" },
          { what: "start to ready, all three processes", value: await restartMs(instance), unit: "ms" },
          { what: "one-CA change of 5 CAs, both edges proved", value: small, unit: "ms" },
          { what: "one-CA change of 300 CAs, both edges proved", value: large, unit: "ms" },
          ...memory,
        ],
        notes: [
          `medians of ${starts} starts on the same directory and of ${deployments} deployments, both networks at once`,
          "a deployment ends for the asker when its next poll, every 20 ms, sees it ended",
        ],
      };
    } finally {
      await instance.remove();
    }
  },
};

/** Swaps the last of `count` CAs back and forth, on both networks at once. */
async function activations(instance: Instance, count: number): Promise<number> {
  const authorities = mintedAuthorities(count + 1).map(({ pem }) => pem);
  const caSetId = await instance.createSet(`bench-${count}`, authorities.slice(0, count));
  await instance.createVersion(caSetId, [...authorities.slice(0, count - 1), authorities[count] ?? ""]);
  const times: number[] = [];
  for (let i = 0; i <= deployments; i++) {
    const begin = performance.now();
    const links = await Promise.all(
      (["STAGING", "PRODUCTION"] as const).map((network) => instance.activate(caSetId, (i % 2) + 1, network)),
    );
    const ended = await Promise.all(links.map((link) => instance.ended(link)));
    const failed = ended.find(({ activationStatus }) => activationStatus !== "COMPLETE");
    if (failed !== undefined) throw new Error(`not deployed: ${failed.failureReason}`);
    times.push(performance.now() - begin);
  }
  // The first fetches all certificates.
  return median(times.slice(1));
}

async function restartMs(instance: Instance): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    await instance.stop();
    const begin = performance.now();
    await instance.start();
    times.push(performance.now() - begin);
  }
  return median(times);
}

function memoryRows(instance: Instance): readonly BenchmarkRow[] {
  const { controlPlane, staging, production } = instance.processIds();
  const row = (what: string, processId: number): BenchmarkRow => ({
    what,
    value: residentMb(processId),
    unit: "MB resident",
  });
  return [row("control plane", controlPlane), row("staging edge", staging), row("production edge", production)];
}

function residentMb(processId: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
  return Number(kb) / 1_024;
}
