import { ApiProblem, NoAnswer } from "@tcm/api-contract";
import { consoleWords } from "./console-words.ts";
import { remedyText } from "./remedy-text.ts";
import { timesInText } from "./time-text.ts";

/** What to tell a person about an error: what happened, what to do, and the code by which others find the same. */
export type ProblemText = {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
  readonly code: string | undefined;
  /** The server's page about problems of this code. */
  readonly page: string | undefined;
  readonly items: readonly { readonly code: string; readonly detail: string; readonly pointer: string | undefined }[];
};

/** Pure: `nowMs` is what waiting times are counted from. */
export function problemText(error: unknown, nowMs: number): ProblemText {
  if (error instanceof ApiProblem) return apiProblemText(error, nowMs);
  if (error instanceof NoAnswer) return { ...plain, ...noAnswer[error.kind], detail: error.message };
  const detail = error instanceof Error ? error.message : String(error);
  return { ...plain, title: "The page has a fault", detail, remedy: "Reload the page." };
}

const plain = { code: undefined, page: undefined, items: [] };

const noAnswer: Readonly<Record<NoAnswer["kind"], Pick<ProblemText, "title" | "remedy">>> = {
  unreachable: {
    title: "The server does not answer",
    remedy: "Edges go on with what they have. Look whether the server runs and the network is there, and try again.",
  },
  timeout: {
    title: "The server did not answer in time",
    remedy: "It may still have done what was asked: look what is there before you try again.",
  },
  foreign: {
    title: "The answer is not one of this server",
    remedy: "A proxy may stand between you and the server, or the server may have been upgraded: reload the page.",
  },
};

function apiProblemText({ problem, code }: ApiProblem, nowMs: number): ProblemText {
  const { title, detail, type, contextInfo, rateLimitNext, errors = [] } = problem;
  const remedy = remedyText(code, { ...contextInfo, rateLimitNext }, nowMs);
  return {
    title,
    // How long to wait is the remedy's to say, from now.
    detail: consoleWords(timesInText(detail.replace(/ Try again after \S+Z\.$/, ""))),
    // Some details end with what to do.
    remedy: remedy !== undefined && problem.detail.endsWith(remedy) ? undefined : remedy,
    code,
    page: remedy === undefined ? undefined : type,
    // The only one is often the whole of it again.
    items: errors
      .filter((item) => errors.length > 1 || item.detail !== problem.detail)
      .map((item) => ({
        code: item.type.slice(item.type.lastIndexOf("/") + 1),
        detail: consoleWords(timesInText(item.detail)),
        pointer: item.pointer,
      })),
  };
}
