import { parentPort, workerData } from "node:worker_threads";
import type { Case } from "./case.ts";
import type { Ran } from "./judge.ts";
import type { CaseRan, WorkerData } from "./run-suite.ts";
import { findSuites } from "./suites.ts";

/** Compiling and collecting garbage are not the case's work: a slow one is measured again, and its best time counts. */
const attempts = 3;
const slowMs = 20;

function measure(run: Case["run"]): Ran {
  let best = Number.POSITIVE_INFINITY;
  let outcome: Ran["outcome"] = "hang";
  for (let i = 0; i < attempts && best > slowMs; i++) {
    const before = process.threadCpuUsage();
    outcome = run();
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return { outcome, cpuMs: best };
}

const { folder, suite: name, from } = workerData as WorkerData;
const suite = findSuites(folder).suites.find((found) => found.name === name);
for (const [position, { run }] of (suite?.cases ?? []).entries()) {
  if (position < from) continue;
  parentPort?.postMessage({ position, ran: measure(run) } satisfies CaseRan);
}
