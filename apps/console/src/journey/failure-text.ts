import { ApiProblem, NoAnswer } from "@tcm/api-contract";

/** What was being done when it failed. */
export type Doing = "validating" | "saving" | "deploying";

export type FailureText = { readonly title: string; readonly body: string };

const unknownOutcome: Readonly<Record<Doing, string>> = {
  validating: "Nothing is written by validating. Your work is kept on this page: try again.",
  saving:
    "It may or may not have been saved. Your work is kept on this page: try again, and what was saved already is found and not made twice.",
  deploying:
    "The deployment may or may not have begun. Try again: one that has begun is found and followed, and not begun twice.",
};

/** A failure that says nothing about the work itself, in words; undefined: the server refused, and its own words say it best. */
export function failureText(error: unknown, doing: Doing): FailureText | undefined {
  if (error instanceof ApiProblem)
    return error.problem.status === 401
      ? { title: "Your session had ended", body: "Nothing was written, and your work is kept. Try again." }
      : undefined;
  if (error instanceof NoAnswer)
    return { title: titles[error.kind], body: `${unknownOutcome[doing]} ${error.message}` };
  return undefined;
}

const titles: Readonly<Record<NoAnswer["kind"], string>> = {
  unreachable: "The server cannot be reached",
  timeout: "The server did not answer in time",
  foreign: "Something else answered instead of the server",
};
