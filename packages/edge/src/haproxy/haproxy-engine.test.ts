import { describe } from "vitest";
import { describeEdgeEngine } from "../edge-engine-contract.ts";
import { accepts } from "../trust-files/engines-under-test.ts";
import { haproxy26, haproxy3, openTestHaproxy } from "./haproxy-under-test.ts";

const programs = [
  ["HAProxy 2.6", haproxy26, true],
  ["HAProxy 3", haproxy3, false],
] as const;

for (const [name, program, isMasterWorker] of programs) {
  if (program === undefined) console.warn(`${name}: skipped, it is not installed`);
  describe.skipIf(program === undefined)(name, () => {
    describeEdgeEngine(name, async () => {
      const opened = await openTestHaproxy(program ?? "", { isMasterWorker });
      return { engine: opened.engine, accepts: (hostname, client) => accepts(opened, hostname, client) };
    });
  });
}
