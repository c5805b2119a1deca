import { describe } from "vitest";
import { describeEdgeEngine } from "../edge-engine-contract.ts";
import { accepts } from "../trust-files/engines-under-test.ts";
import { describeTrustFileEngine } from "../trust-files/trust-file-engine-contract.ts";
import { openTestNginx } from "./nginx-under-test.ts";

/** What every nginx keeps to with the configuration that we print. `withResumption` makes that hand out sessions that outlive a removal. */
export function describeNginx(
  name: string,
  program: string | undefined,
  withResumption: (configuration: string) => string,
): void {
  if (program === undefined) console.warn(`${name}: skipped, it is not installed`);
  describe.skipIf(program === undefined)(name, () => {
    describeEdgeEngine(name, async () => {
      const opened = await openTestNginx(program ?? "");
      return { engine: opened.engine, accepts: (hostname, client) => accepts(opened, hostname, client) };
    });
    describeTrustFileEngine(name, (options) => openTestNginx(program ?? "", options), {
      withResumption,
      withNames: (text) =>
        text.replace(/ssl_client_certificate \S+;(\s+)ssl_trusted_certificate (\S+);/g, "ssl_client_certificate $2;"),
      readsBack: false,
      dropsTrailers: true,
    });
  });
}
