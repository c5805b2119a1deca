import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A program that the test starts, and ends. */
export class Program {
  readonly #command: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  /** All that it ever said. */
  output = "";

  constructor(command: string, args: readonly string[]) {
    this.#command = command;
    this.#args = args;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(): void {
    const child = spawn(this.#command, this.#args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.output += chunk.toString("utf8")));
    }
    this.#child = child;
  }

  /** Exit code or signal. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const child = this.#child;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    return child.exitCode ?? child.signalCode;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.#child?.kill(signal);
    await this.ended();
  }
}
