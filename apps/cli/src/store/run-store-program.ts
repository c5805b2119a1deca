import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

export type StoreLocation = {
  readonly data: string;
  readonly database: string | undefined;
  /** Of the command: the operator key may be in it. */
  readonly environment: CommandContext["environment"];
};

/** Runs a program of the control plane on its store, in a process of its own; answers what it printed, or fails with its words. */
export async function runStoreProgram(
  main: URL,
  { data, database, environment }: StoreLocation,
  more: readonly string[],
  /** Exit codes with which it has answered: 1 where it may say no. */
  answers: readonly number[] = [0],
): Promise<string> {
  const { TCM_DATABASE: _other, ...inherited } = environment;
  const child = spawn(process.execPath, [fileURLToPath(main), "--data", data, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
    // Not on its command line, which every user of the machine can read.
    env: { ...inherited, ...(database !== undefined && { TCM_DATABASE: database }) },
  });
  const [printed, words, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== null && answers.includes(code)) return printed.trim();
  throw new CommandFailure(exitCode.usage, words.trim().replace(/^tcm: /, "") || `It ended with code ${code}.`);
}
