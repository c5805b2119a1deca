import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@tcm/testkit";
import { onTestFinished } from "vitest";
import { cliMain } from "../index.ts";
import { testEnvironment } from "./run-tcm.ts";
import { waitFor } from "./wait-for.ts";

export type RunningInstance = {
  readonly data: string;
  readonly child: ChildProcess;
  /** Everything on standard output and standard error so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** API, staging edge and production edge, from the line `ready`. */
  readonly addresses: readonly [api: string, staging: string, production: string];
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
};

const anyPorts = ["--port", "0", "--node-port", "0", "--staging-port", "0", "--production-port", "0"];

const checkout = fileURLToPath(new URL("../../..", cliMain));

/** `tcm start` on free ports, once it is ready. Ended with the test. */
export function runStart(data = temporaryDirectory(), more: readonly string[] = []): Promise<RunningInstance> {
  return run(process.execPath, [fileURLToPath(cliMain), "start", "--data", data, ...anyPorts, ...more], data);
}

/** `npm start` in the checkout, likewise. */
export function runNpmStart(): Promise<RunningInstance> {
  const data = temporaryDirectory();
  return run("npm", ["start", "--silent", "--", "--data", data, ...anyPorts], data);
}

async function run(command: string, args: readonly string[], data: string): Promise<RunningInstance> {
  const child = spawn(command, args, { cwd: checkout, env: testEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  await waitFor(() => out.includes("\n") || child.exitCode !== null);
  const addresses = out.match(/https?:\/\/127\.0\.0\.1:\d+/g) ?? [];
  const [api, staging, production] = addresses;
  if (api === undefined || staging === undefined || production === undefined)
    throw new Error(`it did not become ready: ${out}${err}`);
  return { data, child, out: () => out, err: () => err, addresses: [api, staging, production], ended };
}

/** Whether somebody listens there. */
export async function answers(address: string): Promise<boolean> {
  const { hostname: host, port } = new URL(address);
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** From its log: the process that wrote the last line. */
export function processIdOf(data: string, name: string): number {
  const lines = readFileSync(join(data, "logs", `${name}.log`), "utf8")
    .trimEnd()
    .split("\n");
  return (JSON.parse(lines.at(-1) ?? "") as { readonly pid: number }).pid;
}
