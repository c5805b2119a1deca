import { Worker } from "node:worker_threads";
import type { Ran } from "./judge.ts";

/** A case that takes longer than this by the wall clock is a hang; the slowest honest one takes some tens of milliseconds. */
const hangAfterMs = 20_000;

export type WorkerData = { readonly folder: string; readonly suite: string; readonly from: number };
export type CaseRan = { readonly position: number; readonly ran: Ran };

/** What runs the cases, and how long one may take: others for the test of the runner itself. */
export type CaseRunner = { readonly worker: URL; readonly hangAfterMs: number };
const caseRunner: CaseRunner = { worker: new URL("./worker.ts", import.meta.url), hangAfterMs };

/** Runs the cases of a suite, in order, outside this thread: a case that never ends is killed and the next one goes on. */
export async function runSuite(
  folder: string,
  suite: string,
  count: number,
  runner: CaseRunner = caseRunner,
): Promise<readonly Ran[]> {
  const results: Ran[] = [];
  while (results.length < count) {
    await runFrom({ folder, suite, from: results.length }, results, runner);
    if (results.length < count) results.push({ outcome: "hang", cpuMs: runner.hangAfterMs });
  }
  return results;
}

/** Resolves when the worker is through, or hangs on the case after the last result. Rejects when it breaks. */
function runFrom(workerData: WorkerData, results: Ran[], runner: CaseRunner): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(runner.worker, { workerData });
    const watch = () => setTimeout(() => void worker.terminate().then(() => resolve()), runner.hangAfterMs);
    let timer = watch();
    worker.on("message", ({ ran }: CaseRan) => {
      clearTimeout(timer);
      timer = watch();
      results.push(ran);
    });
    worker.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    worker.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
