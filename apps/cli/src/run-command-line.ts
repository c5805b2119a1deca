import { escapeText } from "@tcm/core";
import { CommanderError } from "commander";
import { ApiProblem } from "@tcm/api-contract";
import { renderProblem } from "./client/problem-text.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure } from "./command-failure.ts";
import { exitCode, type ExitCode } from "./output/exit-code.ts";
import { localProblem } from "./output/local-problem.ts";
import { buildProgram } from "./program.ts";

/** One command from its words to its exit code; whatever happens is told where the command tells. Never throws. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Omit<CommandContext, "endWith">,
): Promise<ExitCode> {
  let ending: ExitCode = exitCode.done;
  try {
    const program = buildProgram({ ...surroundings, endWith: (code) => (ending = code) });
    await program.parseAsync(args, { from: "user" });
    return ending;
  } catch (error) {
    return tell(error, { ...surroundings, isForPrograms: args.includes("--json") });
  }
}

type Telling = Pick<CommandContext, "terminal" | "environment"> & { readonly isForPrograms: boolean };

/** Programs read standard output, and find something there in any case. */
function tellPrograms({ terminal, isForPrograms }: Telling, code: ExitCode, message: string): void {
  if (isForPrograms) terminal.out(localProblem(code, message));
}

/** Failures and refusals become words and an exit code; anything else is a bug, and says so. */
function tell(error: unknown, telling: Telling): ExitCode {
  const { terminal, environment, isForPrograms } = telling;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCode.done;
    tellPrograms(telling, exitCode.usage, error.message.replace(/^error: /, ""));
    return exitCode.usage;
  }
  if (error instanceof CommandFailure) {
    terminal.err(
      error.message
        .split("\n")
        .map((line) => `${escapeText(line)}\n`)
        .join(""),
    );
    tellPrograms(telling, error.exitCode, error.message);
    return error.exitCode;
  }
  if (error instanceof ApiProblem) {
    if (isForPrograms) terminal.out(`${JSON.stringify(error.problem, null, 2)}\n`);
    else terminal.err(renderProblem(error));
    return exitCode.problem;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`This is a fault of the program itself: ${escapeText(message)}\nTCM_DEBUG=1 shows where it happened.\n`);
  if (environment["TCM_DEBUG"] !== undefined) console.error(error);
  return exitCode.refused;
}
