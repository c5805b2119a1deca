import { describe } from "vitest";
import { describeEdgeEngine } from "../edge-engine-contract.ts";
import { accepts } from "../trust-files/engines-under-test.ts";
import { describeTrustFileEngine } from "../trust-files/trust-file-engine-contract.ts";
import { openTestHaproxy } from "./haproxy-under-test.ts";

export type HaproxyOfVersion = {
  readonly name: string;
  /** Undefined on a machine without it. */
  readonly program: string | undefined;
  /** Takes by a reload what is too large for its runtime API. */
  readonly isMasterWorker: boolean;
  /** 3.2.26 and later: see the linter. */
  readonly isolatesSessions?: boolean;
  /** 3.2 and later. */
  readonly dropsTrailers?: boolean;
};

const withResumption = (configuration: string) =>
  configuration.replace("tune.ssl.cachesize 0", "").replace("no-tls-tickets", "");

/** What every HAProxy keeps to with the configuration that we print, and what sets this version apart. */
export function describeHaproxy({ name, program, isMasterWorker, ...traits }: HaproxyOfVersion): void {
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
      dropsTrailers: false,
      ...traits,
    });
  });
}
