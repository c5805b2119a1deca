import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../output/exit-code.ts";
import { misspeltVariables, readConfiguration } from "../start/read-configuration.ts";
import { renderConfiguration, renderDefaultFile } from "../start/render-configuration.ts";
import { refuseFaults } from "../start/start-options.ts";

export function addConfig(program: Command, { environment, terminal, endWith }: CommandContext): void {
  const config = program.command("config").summary("check and show the settings of tcm start");
  config
    .command("check [file]")
    .summary("find every fault of a file and the environment, and show what holds")
    .description(
      "Says every fault with its place, its setting and what that takes, or what holds and where it comes from. Starts nothing.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  tcm config check tcm.yaml\n  tcm config check     # the environment alone, or TCM_CONFIG",
    )
    .action((file: string | undefined) => {
      for (const note of misspeltVariables(environment)) terminal.err(`${escapeText(note)}\n`);
      const configured = readConfiguration(file === undefined ? {} : { config: file }, environment);
      if (!configured.ok) throw refuseFaults(configured.faults);
      terminal.out(renderConfiguration(configured));
      endWith(exitCode.done);
    });
  config
    .command("print-default")
    .summary("print a file with every setting and its default")
    .action(() => terminal.out(renderDefaultFile()));
}
