import { describe } from "vitest";
import { describeEdgeEngine } from "../edge-engine-contract.ts";
import { accepts } from "../trust-files/engines-under-test.ts";
import { nginxProgram, openTestNginx } from "./nginx-under-test.ts";

const program = nginxProgram;
if (program === undefined) console.warn("nginx: skipped, it is not installed");

describe.skipIf(program === undefined)("nginx", () => {
  describeEdgeEngine("nginx", async () => {
    const opened = await openTestNginx(program ?? "");
    return { engine: opened.engine, accepts: (hostname, client) => accepts(opened, hostname, client) };
  });
});
