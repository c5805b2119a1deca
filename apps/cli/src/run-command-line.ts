import { escapeText } from "@tcm/core";
import { CommanderError } from "commander";
import { ApiProblem } from "@tcm/api-contract";
import { renderProblem } from "./client/problem-text.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure } from "./command-failure.ts";
import { exitCode, type ExitCode } from "./output/exit-code.ts";
import { localProblem } from "./output/local-problem.ts";
import { processTerminal } from "./output/terminal.ts";
import { buildProgram } from "./program.ts";

const terminal = processTerminal();
let ending: ExitCode = exitCode.done;
const isForPrograms = process.argv.includes("--json");
const context: CommandContext = {
  terminal,
  environment: process.env,
  stdin: process.stdin,
  now: Date.now,
  endWith: (code) => (ending = code),
};

// `tcm versions list | head`: a reader that goes away is no failure of ours.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));

try {
  await buildProgram(context).parseAsync(process.argv);
} catch (error) {
  ending = tell(error);
}
process.exitCode = ending;

/** Programs read standard output, and find something there in any case. */
function tellPrograms(code: ExitCode, message: string): void {
  if (isForPrograms) terminal.out(localProblem(code, message));
}

/** Failures and refusals become words and an exit code; anything else is a bug, and says so. */
function tell(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.done;
    tellPrograms(exitCode.usage, error.message.replace(/^error: /, ""));
    return exitCode.usage;
  }
  if (error instanceof CommandFailure) {
    terminal.err(
      error.message
        .split("\n")
        .map((line) => `${escapeText(line)}\n`)
        .join(""),
    );
    tellPrograms(error.exitCode, error.message);
    return error.exitCode;
  }
  if (error instanceof ApiProblem) {
    if (isForPrograms) terminal.out(`${JSON.stringify(error.problem, null, 2)}\n`);
    else terminal.err(renderProblem(error));
    return exitCode.problem;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`This is a fault of the program itself: ${escapeText(message)}\nTCM_DEBUG=1 shows where it happened.\n`);
  if (process.env["TCM_DEBUG"] !== undefined) console.error(error);
  return exitCode.refused;
}
