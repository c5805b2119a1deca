import { createInterface } from "node:readline/promises";
import { type Readable, Writable } from "node:stream";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "./exit-code.ts";

type Asking = Pick<CommandContext, "stdin" | "terminal">;

/** Whether somebody sits there who could answer. */
export function isInteractive(stdin: Readable): boolean {
  return (stdin as Readable & { readonly isTTY?: boolean }).isTTY === true;
}

/** True for `y` or `yes`. Refuses where nobody can answer: then `--yes` has to say it beforehand. */
export async function confirm({ stdin, terminal }: Asking, question: string): Promise<boolean> {
  if (!isInteractive(stdin))
    throw new CommandFailure(exitCode.usage, "Nobody can be asked here. Say --yes to go on without a question.");
  const [answer = ""] = await readLines({ stdin, terminal }, [`${question} [y/N] `], "shown");
  return /^y(es)?$/i.test(answer.trim());
}

/** A secret: hidden while it is typed, or the first line of standard input. */
export async function readSecret(context: Asking, prompt: string): Promise<string> {
  const [secret] = await readSecrets(context, [prompt]);
  if (secret !== undefined) return secret;
  throw new CommandFailure(exitCode.usage, "Nothing was entered. Type it, or give it on standard input.");
}

/** One line each; what was not entered is undefined. */
export function readSecrets(context: Asking, prompts: readonly string[]): Promise<readonly (string | undefined)[]> {
  return readLines(context, prompts, "hidden");
}

/** More than any secret or answer. */
const maxLineLength = 4_096;

async function readLines(
  { stdin, terminal }: Asking,
  prompts: readonly string[],
  typed: "shown" | "hidden",
): Promise<readonly (string | undefined)[]> {
  const isTerminal = isInteractive(stdin);
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (typed === "shown") terminal.err(chunk.toString("utf8"));
      done();
    },
  });
  const reader = createInterface({ input: stdin, output, terminal: isTerminal });
  // Ctrl-C is for the process, and not for the reader alone.
  reader.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const lines = reader[Symbol.asyncIterator]();
  const entered: (string | undefined)[] = [];
  try {
    for (const prompt of prompts) {
      if (isTerminal) terminal.err(prompt);
      const { value, done } = await lines.next();
      // The line end was not shown either.
      if (isTerminal && typed === "hidden") terminal.err("\n");
      const line = done === true ? "" : value.slice(0, maxLineLength);
      entered.push(line === "" ? undefined : line);
    }
    return entered;
  } finally {
    reader.close();
  }
}
