import { createTemporaryDirectory, removeDirectory } from "@tcm/testkit";
import type { Benchmark } from "./benchmark.ts";
import { startControlPlane } from "./control-plane-process.ts";
import { median } from "./measure.ts";

const starts = 9;

export const startBenchmark: Benchmark = {
  name: "start",
  about: "the control plane alone, from spawn to ready, on its embedded store",
  run: async () => {
    const directory = createTemporaryDirectory();
    try {
      const first = await startMs(directory);
      const times: number[] = [];
      for (let i = 0; i < starts; i++) times.push(await startMs(directory));
      const target = { relation: "at most", value: 1_500 } as const;
      return {
        rows: [
          { what: "empty directory", value: first, unit: "ms" },
          { what: "existing directory", value: median(times), unit: "ms", target },
        ],
        notes: [`median of ${starts} starts; run from source, without a bundle`],
      };
    } finally {
      removeDirectory(directory);
    }
  },
};

async function startMs(directory: string): Promise<number> {
  const begin = performance.now();
  const controlPlane = await startControlPlane(directory);
  const ms = performance.now() - begin;
  await controlPlane.stop();
  return ms;
}
