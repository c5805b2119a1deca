import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Of both suites. */
export const shared = {
  globalSetup: ["./tests/global-setup.ts"],
  hookTimeout: 300_000,
  // What is waited for comes or does not: how soon is for bench/ to say.
  expect: { poll: { timeout: 60_000 } },
  pool: "forks",
  // Modules are loaded once by each worker, not by each file, which took half of the time. Nothing of ours patches what files share.
  isolate: false,
  // Vitest leaves one processor idle, and many files wait for processes and connections.
  maxWorkers: availableParallelism() + 1,
  env: {
    // No load balancer watches the processes that tests start and stop.
    TCM_DRAIN: "0",
    NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/tcm-tests", import.meta.url)),
  },
} satisfies ViteUserConfig["test"];

export default defineConfig({
  test: {
    ...shared,
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.long.test.ts"],
    // What hangs is ended by it, and what is slow is not: with eight of them beside each other a test of a second took thirty.
    testTimeout: 600_000,
  },
});
