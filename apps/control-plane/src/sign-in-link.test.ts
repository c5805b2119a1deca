import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";

const mainFile = join(import.meta.dirname, "main.ts");
const form = /http:\/\/127\.0\.0\.1:\d+\/sign-in#first=[\w-]{43}/;

describe("the link for the first administrator", () => {
  test("is printed by a control plane that nobody supervises, and is not in its log", async () => {
    const args = [mainFile, "--data", temporaryDirectory(), "--port", "0", "--node-port", "0"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    expect(line.toString()).toMatch(form);
    child.kill("SIGTERM");
    await once(child, "close");
    expect(log).toContain("ready");
    expect(log).not.toContain("#first=");
  });

  test("is told to the supervisor alone, where there is one", async () => {
    const args = ["--data", temporaryDirectory(), "--port", "0", "--node-port", "0"];
    const child = fork(mainFile, args, { stdio: ["ignore", "pipe", "ignore", "ipc"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    let printed = "";
    child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const [ready] = (await once(child, "message")) as [object];
    expect(ready).toMatchObject({ type: "ready", signInLink: expect.stringMatching(form) });
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(printed).toBe("");
  });
});
