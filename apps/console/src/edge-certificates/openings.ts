import { ApiProblem } from "@tcm/api-contract";
import { consoleWords } from "../text/console-words.ts";

/** What a change would open, as the server says it before it is confirmed; undefined: it is another problem. */
export function openingsOf(error: unknown): string | undefined {
  return error instanceof ApiProblem && error.code === "confirmation-required"
    ? consoleWords(error.problem.detail)
    : undefined;
}
