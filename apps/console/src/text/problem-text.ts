import { ApiProblem, NoAnswer, problemGuide } from "@tcm/api-contract";

/** What to tell a person about an error: what happened, what to do, and the code by which others find the same. */
export type ProblemText = {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
  readonly code: string | undefined;
  readonly items: readonly { readonly code: string; readonly detail: string; readonly pointer: string | undefined }[];
};

export function problemText(error: unknown): ProblemText {
  if (error instanceof ApiProblem) return apiProblemText(error);
  if (error instanceof NoAnswer) return { ...plain, title: noAnswerTitle[error.kind], detail: error.message };
  return { ...plain, title: "The page has a fault", detail: error instanceof Error ? error.message : String(error) };
}

const plain = { remedy: undefined, code: undefined, items: [] };

const noAnswerTitle: Readonly<Record<NoAnswer["kind"], string>> = {
  unreachable: "The server does not answer",
  timeout: "The server did not answer in time",
  foreign: "The answer is not one of this server",
};

function apiProblemText(error: ApiProblem): ProblemText {
  const { problem, code } = error;
  const guide = (problemGuide as Readonly<Record<string, { readonly remedy: string } | undefined>>)[code];
  return {
    title: problem.title,
    detail: problem.detail,
    remedy: guide?.remedy,
    code,
    items: (problem.errors ?? []).map(({ type, detail, pointer }) => ({
      code: type.slice(type.lastIndexOf("/") + 1),
      detail,
      pointer,
    })),
  };
}
