import type { Command } from "commander";
import { buildProgram } from "../program.ts";

/** The command line without a terminal; what it would print on standard output goes to `out`. */
export function quietProgram(out: (text: string) => void = () => undefined): Command {
  const terminal = { out, err: () => undefined, colour: false, live: false, columns: 80 };
  return buildProgram({
    terminal,
    environment: {},
    stdin: process.stdin,
    now: Date.now,
    endWith: () => undefined,
  });
}

/** Every command by its words, groups included. */
export function commandPaths(parent: Command): readonly (readonly string[])[] {
  // Answers the shell, and no person.
  const shown = parent.commands.filter((command) => command.name() !== "complete");
  return shown.flatMap((command) => [
    [command.name()],
    ...commandPaths(command).map((words) => [command.name(), ...words]),
  ]);
}
