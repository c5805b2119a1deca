import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { renderFinding } from "../output/finding-text.ts";
import { placeProblem } from "./check-input.ts";
import type { SplitFiles } from "@tcm/core";

/** What is no certificate leaves this machine under no circumstances: it may be a private key. Each is named with its line. */
export function refuseLocally({ problems }: Pick<SplitFiles, "problems">, ending = "Nothing was sent."): void {
  if (problems.length === 0) return;
  const listed = problems.map((problem) => renderFinding(placeProblem(problem), { colour: false }));
  throw new CommandFailure(exitCode.usage, `${listed.join("")}${ending}`);
}
