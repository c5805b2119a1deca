import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { mustRun } from "../e2e/run-command.ts";

const executablePath = process.env["TCM_CHROMIUM"] ?? "/usr/bin/chromium";

/** Why nothing can be seen here; undefined: it can. In CI Chromium is required. */
export function noBrowserReason(): string | undefined {
  if (existsSync(executablePath) || process.env["CI"] === "true") return undefined;
  return `no Chromium at ${executablePath}; install it, or set TCM_CHROMIUM`;
}

/** The console as it is shipped, and not as it was yesterday. */
export async function buildConsole(): Promise<void> {
  await mustRun(process.execPath, [resolve(import.meta.dirname, "../../apps/console/build.ts")], {
    timeoutMs: 300_000,
  });
}

/** A browser without a sandbox only where everything runs as root. */
export function openBrowser(options: Pick<LaunchOptions, "ignoreDefaultArgs"> = {}): Promise<Browser> {
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [], ...options });
}
