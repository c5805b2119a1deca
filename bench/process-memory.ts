import { readFileSync } from "node:fs";

/** What the process has in memory now. */
export function residentMegabytes(processId: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
  return Number(kb) / 1_024;
}
