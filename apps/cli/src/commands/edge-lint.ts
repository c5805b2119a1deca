import { escapeText } from "@tcm/core";
import type { EngineFinding } from "@tcm/edge";
import { type Command, Option } from "commander";
import { readBytes } from "../check/read-input.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";

type LintOptions = {
  readonly engine: "haproxy" | "nginx";
  readonly engineVersion: string;
  readonly json?: true;
};

export function addEdgeLint(edge: Command, context: CommandContext): void {
  edge
    .command("lint")
    .summary("does this proxy configuration let trust outlive its removal")
    .description(
      "Reads a proxy's configuration for what would let a removed CA's clients in, or make a proof worthless. Sends nothing.",
    )
    .argument("<file>", 'the configuration; of nginx best what "nginx -T" prints; "-" is standard input')
    .addOption(
      new Option("--engine <engine>", "whose configuration").choices(["haproxy", "nginx"]).makeOptionMandatory(),
    )
    .option("--engine-version <version>", "of the proxy, such as 2.6.12; some need no more than that", "unknown")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExamples:\n  nginx -T | tcm edge lint --engine nginx -")
    .addHelpText("after", "\nExit code 0: removals can be verified. 1: they cannot.")
    .action(async (file: string, { engine, engineVersion, json }: LintOptions) => {
      const read = await readBytes([file], context.stdin);
      const configuration = Buffer.concat(read.map(({ bytes }) => bytes)).toString("utf8");
      const { lintEngineConfiguration } = await import("@tcm/edge");
      const findings = lintEngineConfiguration({ engine, version: engineVersion, configuration });
      const text = json
        ? `${JSON.stringify({ findings }, null, 2)}\n`
        : renderTable(findings, columns, "Nothing to say against it.");
      context.terminal.out(text);
      const isBlocked = findings.some(({ severity }) => severity === "blocks-proof");
      context.endWith(isBlocked ? exitCode.refused : exitCode.done);
    });
}

const columns: readonly Column<EngineFinding>[] = [
  { title: "LINE", value: ({ line }) => (line === undefined ? "-" : String(line)) },
  { title: "SEVERITY", value: ({ severity }) => severity },
  { title: "CODE", value: ({ code }) => code },
  { title: "WORDS", value: ({ detail }) => escapeText(detail) },
];
