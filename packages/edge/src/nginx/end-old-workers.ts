import { waitUntil } from "../trust-files/wait-until.ts";
import { workersOf } from "./workers.ts";

/**
 * Workers that a reload left behind hold the connections from before it. They finish what they are serving, and after the
 * grace are ended. Answers how many are left after that.
 */
export async function endOldWorkers(master: number, graceMs: number, closeMs: number): Promise<number> {
  const old = async () => (await workersOf(master)).filter(({ isShuttingDown }) => isShuttingDown);
  const isOver = async () => ((await old()).length === 0 ? true : undefined);
  if (await waitUntil(isOver, graceMs)) return 0;
  for (const { pid } of await old()) end(pid);
  await waitUntil(isOver, closeMs);
  return (await old()).length;
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has just gone by itself, or is not ours to end: those that are left are counted.
  }
}
