import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { waitFor } from "../testing/wait-for.ts";
import { SupervisedProcess } from "./supervised-process.ts";

/** Runs a child of these lines under supervision. */
function supervise(script: string) {
  const directory = temporaryDirectory();
  const main = join(directory, "child.mjs");
  writeFileSync(main, script);
  const said: string[] = [];
  const logFile = join(directory, "child.log");
  const description = { name: "child", main: pathToFileURL(main), args: ["--flag"], logFile };
  const supervised = new SupervisedProcess(description, (text) => said.push(text));
  onTestFinished(() => supervised.stop());
  return { supervised, said, logFile };
}

const serves =
  'process.send({ type: "ready", args: process.argv.slice(2) }); process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000);';

describe("a supervised process", () => {
  test("is ready when it says so, and stops when told", async () => {
    const { supervised } = supervise(serves);
    expect(await supervised.firstReady).toEqual({ type: "ready", args: ["--flag"] });
    expect(supervised.processId).toBeGreaterThan(0);
    await supervised.stop();
    expect(supervised.processId).toBeUndefined();
  });

  test("is started again when it is killed, and that is said", async () => {
    const { supervised, said } = supervise(serves);
    await supervised.firstReady;
    const first = supervised.processId ?? 0;
    process.kill(first, "SIGKILL");
    await waitFor(() => said.includes("child is back\n"));
    expect(supervised.processId).not.toBe(first);
    expect(said).toEqual(["child ended (SIGKILL); it is started again in 0.2 s\n", "child is back\n"]);
  });

  test("that names its reason is given up with its words, after a second and a third look", async () => {
    const { supervised, said, logFile } = supervise('console.error("Port 1 is in use.\\u001b[2J"); process.exit(2);');
    await expect(supervised.firstReady).rejects.toMatchObject({
      exitCode: 2,
      message: "child: Port 1 is in use.\\x1b[2J",
    });
    expect(said).toEqual([]);
    await supervised.stop();
    expect(readFileSync(logFile, "utf8").match(/Port 1/g)).toHaveLength(3);
  });

  test("that crashes five times before it was ever ready is given up with its last words", async () => {
    const { supervised } = supervise('console.error("starting"); throw new TypeError("boom");');
    await expect(supervised.firstReady).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^child: TypeError: boom\nchild cannot be started\. Its log is .+child\.log$/),
    });
  });

  test("has its log in a file for its owner alone, and its warnings on standard error", async () => {
    const entry = { level: 40, time: 1, pid: 2, hostname: "h", msg: "node\u001b[2J gone", nodeId: "a" };
    const lines = [{ ...entry, level: 30, msg: "quiet" }, entry].map((line) => JSON.stringify(line));
    const { supervised, said, logFile } = supervise(
      `process.on("SIGUSR2", () => { for (const line of ${JSON.stringify(lines)}) process.stderr.write(line + "\\n"); }); ${serves}`,
    );
    // Before it is ready its lines are last words, and which of the two arrives first is anybody's guess.
    await supervised.firstReady;
    process.kill(supervised.processId ?? 0, "SIGUSR2");
    await waitFor(() => said.length > 0);
    expect(said).toEqual(["child: warning: node\\x1b[2J gone  nodeId=a\n"]);
    await supervised.stop();
    expect(readFileSync(logFile, "utf8")).toBe(`${lines.join("\n")}\n`);
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
  });

  test("does not inherit the token of whoever started it", async () => {
    process.env["TCM_TOKEN"] = "tcm_secret";
    onTestFinished(() => {
      delete process.env["TCM_TOKEN"];
    });
    const { supervised } = supervise(
      'process.send({ type: "ready", token: process.env.TCM_TOKEN ?? null }); setInterval(() => {}, 1000);',
    );
    expect(await supervised.firstReady).toEqual({ type: "ready", token: null });
  });
});
