import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { controlPlaneMain } from "@tcm/control-plane";
import { createTemporaryDirectory, freePorts, removeDirectory } from "@tcm/testkit";
import type { Benchmark } from "./benchmark.ts";
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
      return {
        rows: [
          { what: "empty directory", value: first, unit: "ms" },
          {
            what: "existing directory",
            value: median(times),
            unit: "ms",
            target: { relation: "at most", value: 1_500 },
          },
        ],
        notes: [`median of ${starts} starts; run from source, without a bundle`],
      };
    } finally {
      removeDirectory(directory);
    }
  },
};

async function startMs(directory: string): Promise<number> {
  const [port, nodePort] = await freePorts(2);
  const begin = performance.now();
  const child = fork(
    fileURLToPath(controlPlaneMain),
    ["--data", directory, "--port", `${port}`, "--node-port", `${nodePort}`],
    {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    },
  );
  await once(child, "message");
  const ms = performance.now() - begin;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  return ms;
}
