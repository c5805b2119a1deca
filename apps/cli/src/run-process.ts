import { processTerminal } from "./output/terminal.ts";
import { runCommandLine } from "./run-command-line.ts";

// `tcm versions list | head`: a reader that goes away is no failure of ours.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: processTerminal(),
  environment: process.env,
  stdin: process.stdin,
  now: Date.now,
});
