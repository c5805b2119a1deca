import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { cliMain } from "../index.ts";
import { openWorkplace } from "../testing/open-workplace.ts";
import { testEnvironment } from "../testing/run-tcm.ts";
import { waitFor } from "../testing/wait-for.ts";

describe("tcm events", () => {
  test("shows what happens while it happens, until it is stopped", async () => {
    const { environment, tcm } = await openWorkplace();
    const child = spawn(process.execPath, [fileURLToPath(cliMain), "events", "--json"], {
      env: testEnvironment(environment),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    const ended = once(child, "close");
    onTestFinished(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    await waitFor(() => out.includes('"ready"'));
    await tcm("sets create partners");
    await waitFor(() => out.includes('"ca-set"'));
    const [, line = ""] = out.split("\n");
    expect(JSON.parse(line)).toMatchObject({ event: { type: "ca-set", caSetId: "1", activity: "CREATE_CA_SET" } });
  });
});
