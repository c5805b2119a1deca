import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryDirectory, freePorts, removeDirectory, temporaryDirectory } from "@tcm/testkit";
import { afterAll, beforeAll, onTestFinished } from "vitest";
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

const checkout = fileURLToPath(new URL("../../..", cliMain));

/** `tcm start` on free ports, once it is ready. Ended with the test. */
export async function runStart(data = temporaryDirectory(), more: readonly string[] = []): Promise<RunningInstance> {
  return run(await startCommand(data, more), data, onTestFinished);
}

/** `npm start` in the checkout, likewise. */
export async function runNpmStart(): Promise<RunningInstance> {
  const data = temporaryDirectory();
  return run(["npm", "start", "--silent", "--", "--data", data, ...(await ownPorts())], data, onTestFinished);
}

/** `tcm start` once for all tests of a file or a `describe`, which leave it running. Ended after them. */
export function shareStart(): () => RunningInstance {
  const ends: (() => Promise<void> | void)[] = [];
  let shared: RunningInstance | undefined;
  beforeAll(async () => {
    const data = createTemporaryDirectory();
    ends.push(() => removeDirectory(data));
    shared = await run(await startCommand(data), data, (end) => ends.push(end));
  });
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return () => {
    if (shared === undefined) throw new Error("it is started before the tests, and not before that");
    return shared;
  };
}

async function startCommand(data: string, more: readonly string[] = []): Promise<readonly string[]> {
  return [process.execPath, fileURLToPath(cliMain), "start", "--data", data, ...(await ownPorts()), ...more];
}

/** Not 0: what dies comes back on its port, and nobody else may have taken that meanwhile, or answer there once it is gone. */
async function ownPorts(): Promise<readonly string[]> {
  const [api, node, staging, production] = await freePorts(4);
  const flags = ["--port", api, "--node-port", node, "--staging-port", staging, "--production-port", production];
  return flags.map(String);
}

async function run(
  [command = "", ...args]: readonly string[],
  data: string,
  atTheEnd: (end: () => Promise<void>) => void,
): Promise<RunningInstance> {
  const child = spawn(command, args, { cwd: checkout, env: testEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  atTheEnd(async () => {
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

/** From its log: the process that wrote the last line; undefined while there is none. */
export function processIdOf(data: string, name: string): number | undefined {
  const line = readFileSync(join(data, "logs", `${name}.log`), "utf8")
    .trimEnd()
    .split("\n")
    .at(-1);
  return line ? (JSON.parse(line) as { readonly pid: number }).pid : undefined;
}
