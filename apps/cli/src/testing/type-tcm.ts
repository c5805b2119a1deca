import { Readable } from "node:stream";
import { runCommandLine } from "../run-command-line.ts";
import { type RunOptions, testEnvironment, type Transcript } from "./run-tcm.ts";

const home = process.cwd();
/** A process is in one directory at a time. */
const typing = { count: 0, directory: home };

/**
 * Runs a command in this process: all of the command line but its entry, a good deal faster than `runTcm`. For commands that talk to a server or
 * read files, and end by themselves.
 */
export async function typeTcm(args: readonly string[], options: RunOptions = {}): Promise<Transcript> {
  const { input = "", directory = home, environment } = options;
  if (typing.count > 0 && typing.directory !== directory) throw new Error("another command runs in another directory");
  typing.count++;
  typing.directory = directory;
  process.chdir(directory);
  try {
    return await transcribe(args, input, testEnvironment(environment));
  } finally {
    typing.count--;
    if (typing.count === 0) process.chdir(home);
  }
}

async function transcribe(
  args: readonly string[],
  input: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Transcript> {
  let out = "";
  let err = "";
  const terminal = {
    out: (text: string) => (out += text),
    err: (text: string) => (err += text),
    colour: false,
    live: false,
    columns: 100,
  };
  const stdin = Readable.from(input === "" ? [] : [Buffer.from(input)]);
  const code = await runCommandLine(args, { terminal, environment, stdin, now: Date.now });
  return { code, out, err };
}
