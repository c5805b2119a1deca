import type { Browser } from "playwright-core";
import { describe } from "vitest";
import { Instance } from "../e2e/instance.ts";
import { buildConsole, noBrowserReason, openBrowser } from "./chromium.ts";

/** What is built and started before the first test of a file, on a busy machine too. */
export const startMs = 600_000;

type ConsoleUnderTest = { readonly instance: Instance; readonly browser: Browser };

/** Tests that need Chromium; where there is none, that is printed. */
export function describeInBrowser(what: string, tests: () => void): void {
  const reason = noBrowserReason();
  if (reason !== undefined) console.warn(`${what} skipped: ${reason}`);
  describe.skipIf(reason !== undefined)(what, tests);
}

/** The console as it is shipped, the product that serves it, and a browser. */
export async function startConsole(env: Readonly<Record<string, string>> = {}): Promise<ConsoleUnderTest> {
  await buildConsole();
  const [instance, browser] = await Promise.all([Instance.start(env), openBrowser()]);
  return { instance, browser };
}

export async function stopConsole({ instance, browser }: ConsoleUnderTest): Promise<void> {
  await browser.close();
  await instance.remove();
}
