import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeIdentity } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { NodeAccount } from "./fake-node.ts";

const mainFile = join(import.meta.dirname, "../main.ts");

type Ready = {
  readonly url: string;
  readonly nodeUrl: string;
  readonly identities: Readonly<Partial<Record<Network, string>>>;
};
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stderr: string };

type Surroundings = {
  readonly env?: Readonly<Record<string, string>>;
  /** An open file instead of what `stderr` answers. */
  readonly log?: "pipe" | number;
};

/** The control plane as its supervisor starts it: a process with a channel to its parent. */
export class ControlPlaneProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  #ready: Ready | undefined;
  #stderr = "";

  private constructor(args: readonly string[], { env = {}, log = "pipe" }: Surroundings = {}) {
    const stdio = ["ignore", "ignore", log, "ipc"] as const;
    this.child = fork(mainFile, [...args], { stdio: [...stdio], env: { ...process.env, ...env } });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString("utf8")));
    this.child.on("message", (message) => (this.#ready = message as Ready));
    // Not "close", which does not come once the channel was closed from this side.
    const said = this.child.stderr && once(this.child.stderr, "end");
    this.exited = Promise.all([once(this.child, "exit"), said]).then(([[code, signal]]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stderr: this.#stderr,
    }));
  }

  /** Does not wait for anything. */
  static spawn(...args: readonly string[]): ControlPlaneProcess {
    return new ControlPlaneProcess(args);
  }

  /** Resolves when it is ready; throws what it said when it ends instead. */
  static async start(
    directory: string,
    [port = 0, nodePort = 0]: readonly number[] = [0, 0],
    more: readonly string[] = [],
    surroundings: Surroundings = {},
  ): Promise<ControlPlaneProcess> {
    const listening = ["--port", `${port}`, "--node-port", `${nodePort}`];
    const started = new ControlPlaneProcess(["--data", directory, ...listening, ...more], surroundings);
    await Promise.race([once(started.child, "message"), started.exited]);
    if (started.#ready === undefined) throw new Error((await started.exited).stderr);
    return started;
  }

  get url(): string {
    return this.ready.url;
  }

  get ready(): Ready {
    if (this.#ready === undefined) throw new Error("not ready");
    return this.#ready;
  }

  localNode(network: Network): NodeAccount {
    return nodeIdentity.parse(JSON.parse(readFileSync(this.ready.identities[network] ?? "", "utf8")));
  }

  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }
}

export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the program that makes tokens. */
export function runTokenMain(...args: readonly string[]): Promise<Run> {
  return runMain("token-main.ts", ...args);
}

/** Runs one of the programs beside the control plane to its end. */
export function runMain(name: string, ...args: readonly string[]): Promise<Run> {
  const file = join(import.meta.dirname, "..", name);
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
