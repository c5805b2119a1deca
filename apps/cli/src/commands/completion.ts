import addCompletion from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** `tcm completion SHELL` prints a script; the script asks `tcm complete` while somebody types. */
export function addShellCompletion(program: Command): void {
  addCompletion(program, { completionCommandName: "completion" });
  program.commands
    .find((command) => command.name() === "completion")
    ?.summary("print a completion script for a shell")
    .description("Prints a completion script for a shell.")
    .addHelpText("after", "\nExamples:\n  source <(tcm completion bash)\n  tcm completion fish | source");
}
