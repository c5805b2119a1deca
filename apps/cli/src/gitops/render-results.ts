import { ApiProblem } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { renderProblem } from "../client/problem-text.ts";
import { fieldAdvice } from "../output/option-advice.ts";
import { CommandFailure } from "../command-failure.ts";
import { type ExitCode, exitCode } from "../output/exit-code.ts";
import { styled, type Terminal } from "../output/terminal.ts";
import type { StepResult } from "./apply-plan.ts";
import { stepTitle } from "./render-plan.ts";

const words: Readonly<
  Record<StepResult["outcome"], { readonly word: string; readonly style: "green" | "red" | "dim" }>
> = {
  done: { word: "done", style: "green" },
  begun: { word: "begun", style: "green" },
  failed: { word: "FAILED", style: "red" },
  "not-attempted": { word: "not attempted", style: "dim" },
};

/** What became of every step, and why it went no further. */
export function renderResults(results: readonly StepResult[], terminal: Pick<Terminal, "colour">): string {
  const lines = results.map(({ step, outcome }, i) => {
    const { word, style } = words[outcome];
    return `${i + 1}. ${escapeText(stepTitle(step))}: ${styled(terminal, style, word)}\n`;
  });
  return lines.join("");
}

/** Of the step that failed; undefined when none did. Bugs are no failure of a step, and go on as they are. */
export function renderFailure(results: readonly StepResult[]): string | undefined {
  const failed = results.find(({ outcome }) => outcome === "failed");
  if (failed === undefined) return undefined;
  const { error } = failed;
  if (error instanceof ApiProblem) return renderProblem(error, undefined, fieldAdvice);
  if (error instanceof CommandFailure) return `${escapeText(error.message)}\n`;
  throw error;
}

export function endingOfResults(results: readonly StepResult[]): ExitCode {
  const error = results.find(({ outcome }) => outcome === "failed")?.error;
  if (error instanceof ApiProblem) return exitCode.problem;
  return error instanceof CommandFailure ? error.exitCode : exitCode.done;
}

/** For `--json`: what became of each step, without the bodies of certificates. */
export function resultsAsJson(results: readonly StepResult[]) {
  return results.map(({ step, outcome, error }) => ({
    step: stepTitle(step),
    kind: step.kind,
    outcome,
    ...(error instanceof ApiProblem && { problem: error.problem }),
    ...(error instanceof CommandFailure && { reason: error.message }),
  }));
}
