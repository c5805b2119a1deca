import { describe } from "vitest";
import { describeEdgeEngine } from "../edge-engine-contract.ts";
import { accepts } from "../trust-files/engines-under-test.ts";
import { describeTrustFileEngine } from "../trust-files/trust-file-engine-contract.ts";
import { nginxProgram, openTestNginx } from "./nginx-under-test.ts";

const program = nginxProgram;
if (program === undefined) console.warn("nginx: skipped, it is not installed");

describe.skipIf(program === undefined)("nginx", () => {
  describeEdgeEngine("nginx", async () => {
    const opened = await openTestNginx(program ?? "");
    return { engine: opened.engine, accepts: (hostname, client) => accepts(opened, hostname, client) };
  });
  // By edges.md §1.2, tickets off and a shared cache: the context of a session is the names alone, and those stay.
  describeTrustFileEngine("nginx", (options) => openTestNginx(program ?? "", options), {
    withResumption: (text) => text.replaceAll("ssl_session_cache off", "ssl_session_cache shared:tcm:1m"),
    withNames: (text) =>
      text.replace(/ssl_client_certificate \S+;(\s+)ssl_trusted_certificate (\S+);/g, "ssl_client_certificate $2;"),
    readsBack: false,
  });
});
