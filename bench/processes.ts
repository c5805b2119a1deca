import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** CPU time of a process and of the processes below it, all threads, in milliseconds. Of those that have ended nothing is known. */
export function cpuMsOf(processId: number): number {
  const own = threadsOf(processId).reduce((sum, thread) => sum + nanosecondsOf(processId, thread), 0) / 1e6;
  return own + childrenOf(processId).reduce((sum, child) => sum + cpuMsOf(child), 0);
}

export function residentKbOf(processId: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1]);
}

/** Keeps every thread of a process that runs, and of those below it, on one core. */
export function pin(processId: number, core: number): void {
  for (const id of [processId, ...childrenOf(processId)]) {
    const { status, stderr } = spawnSync("taskset", ["-a", "-c", "-p", `${core}`, `${id}`], { encoding: "utf8" });
    if (status !== 0) throw new Error(`process ${id} cannot be kept on core ${core}: ${stderr}`);
  }
}

function threadsOf(processId: number): readonly string[] {
  return readdirSync(`/proc/${processId}/task`);
}

/** Of the scheduler, which counts finer than the clock ticks in `stat`. A thread may end while it is looked at. */
function nanosecondsOf(processId: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${processId}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  } catch {
    return 0;
  }
}

function childrenOf(processId: number): readonly number[] {
  const listed = threadsOf(processId).map((thread) =>
    readFileSync(`/proc/${processId}/task/${thread}/children`, "utf8"),
  );
  return listed.join(" ").split(" ").filter(Boolean).map(Number);
}
