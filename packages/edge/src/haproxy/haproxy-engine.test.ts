import { describe } from "vitest";
import { describeEdgeEngine } from "../edge-engine-contract.ts";
import { accepts } from "../trust-files/engines-under-test.ts";
import { describeTrustFileEngine } from "../trust-files/trust-file-engine-contract.ts";
import { haproxy26, haproxy3, openTestHaproxy } from "./haproxy-under-test.ts";

const programs = [
  { name: "HAProxy 2.6", program: haproxy26, isMasterWorker: true },
  { name: "HAProxy 3", program: haproxy3, isMasterWorker: false },
] as const;

const withResumption = (configuration: string) =>
  configuration.replace("tune.ssl.cachesize 0", "").replace("no-tls-tickets", "");

for (const { name, program, isMasterWorker } of programs) {
  if (program === undefined) console.warn(`${name}: skipped, it is not installed`);
  describe.skipIf(program === undefined)(name, () => {
    describeEdgeEngine(name, async () => {
      const opened = await openTestHaproxy(program ?? "", { isMasterWorker });
      return { engine: opened.engine, accepts: (hostname, client) => accepts(opened, hostname, client) };
    });
    describeTrustFileEngine(name, (options) => openTestHaproxy(program ?? "", { isMasterWorker, ...options }), {
      withResumption,
      withNames: (configuration) => configuration.replaceAll(" no-ca-names", ""),
      readsBack: true,
    });
  });
}
