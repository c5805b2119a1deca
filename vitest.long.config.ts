import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/**/*.long.test.ts", "apps/**/*.long.test.ts", "tests/**/*.long.test.ts"],
    globalSetup: ["./tests/global-setup.ts"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
});
