import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { cliMain } from "../index.ts";
import { runStart } from "../testing/run-start.ts";
import { runTcm, testEnvironment } from "../testing/run-tcm.ts";
import { waitFor } from "../testing/wait-for.ts";

describe("tcm events", () => {
  test("shows what happens while it happens, until it is stopped", async () => {
    const { data, addresses } = await runStart();
    const made = await runTcm(["token", "create", "--role", "admin", "--data", data]);
    const environment = { TCM_URL: addresses[0], TCM_TOKEN: made.out.trim() };
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
    await runTcm(["sets", "create", "partners"], { environment });
    await waitFor(() => out.includes('"ca-set"'));
    const [, line = ""] = out.split("\n");
    expect(JSON.parse(line)).toMatchObject({ event: { type: "ca-set", caSetId: "1", activity: "CREATE_CA_SET" } });
  }, 60_000);
});
