import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { CommandFailure } from "../command-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../output/exit-code.ts";
import { dataDirectory, databaseUrl, defaultData } from "../start/start-options.ts";

export type StoreOptions = { readonly data?: string; readonly database?: string };

export type StoreLocation = { readonly data: string; readonly database: string | undefined };

export function addStoreOptions(command: Command): Command {
  return command
    .option("--data <dir>", `data directory of the store (default: TCM_DATA, else ${defaultData})`)
    .option("--database <url>", "PostgreSQL instead of the store in the directory (default: TCM_DATABASE)");
}

export function storeLocation({ data, database }: StoreOptions, { environment }: CommandContext): StoreLocation {
  return { data: dataDirectory(data, environment), database: databaseUrl(database, environment) };
}

/** Runs a program of the control plane on its store, in a process of its own; answers what it printed, or fails with its words. */
export async function runStoreProgram(
  main: URL,
  { data, database }: StoreLocation,
  more: readonly string[],
  /** Exit codes with which it has answered: 1 where it may say no. */
  answers: readonly number[] = [0],
): Promise<string> {
  const { TCM_DATABASE: _other, ...inherited } = process.env;
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
