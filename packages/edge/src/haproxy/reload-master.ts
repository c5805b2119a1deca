import { waitUntil } from "../trust-files/wait-until.ts";
import type { Ask } from "./ca-file-transaction.ts";
import { type MasterState, readMaster } from "./read-answers.ts";

/**
 * Reloads by the master socket, which on 2.6 answers nothing: that a worker is new, or that a reload failed, is seen in
 * `show proc` (edges.md §1.3). Throws when it failed; the workers before serve on then.
 */
export async function reloadMaster(ask: Ask, timeoutMs: number): Promise<void> {
  const before = readMaster(await ask("show proc"));
  if (before === undefined) throw new Error("what answers at the master socket is not a master of HAProxy");
  // The master executes itself anew and takes the connection with it.
  const said = await ask("reload").catch(() => "");
  const result = await waitUntil(async () => {
    const now = readMaster(await ask("show proc").catch(() => ""));
    return now && outcomeOf(before, now);
  }, timeoutMs);
  if (result === "reloaded") return;
  const words = said.replace(/\s+/g, " ").slice(0, 500);
  throw new Error(`HAProxy did not reload: ${words || (result ?? "no new worker in time")}`);
}

function outcomeOf(before: MasterState, now: MasterState): "reloaded" | "the new configuration failed" | undefined {
  if (now.failedReloads > before.failedReloads) return "the new configuration failed";
  return now.workers.some((pid) => !before.workers.includes(pid)) ? "reloaded" : undefined;
}
