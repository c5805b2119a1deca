import { apiBasePath, problemBody, type ProblemBody } from "@tcm/api-contract";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import type { Connection } from "./connection.ts";

/** What a Zod schema offers, as far as checking an answer goes. */
export type Schema<T> = {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
};

export type ApiRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base path, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly accept?: string;
};

/** The server understood and said no. */
export class ApiProblem extends Error {
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.problem = problem;
  }

  /** The last part of the problem type: what programs decide by. */
  get code(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf("/") + 1);
  }
}

const timeoutMs = 30_000;
/** A list of 100 versions with 300 certificates each is below this; an endless answer is not. */
const maxAnswerBytes = 256 * 1024 * 1024;

/** One request whose answer fits the schema. The body is the server's own, members that this client does not know included. */
export async function sendRequest<T>(connection: Connection, request: ApiRequest, schema: Schema<T>): Promise<T> {
  const text = await sendForText(connection, request);
  const body = parseJson(text);
  if (!schema.safeParse(body).success) throw notOurs(connection, `an unexpected answer to ${request.path}`);
  return body as T;
}

/** One request whose answer is taken as text. Throws `ApiProblem`, or a failure with the exit code `unreachable`. */
export async function sendForText(connection: Connection, request: ApiRequest): Promise<string> {
  const response = await open(connection, request);
  const text = await readText(connection, response);
  if (response.ok) return text;
  const problem = problemBody.safeParse(parseJson(text));
  if (!problem.success) throw notOurs(connection, `HTTP status ${response.status} without a problem body`);
  throw new ApiProblem(problem.data);
}

async function open({ url, token }: Connection, request: ApiRequest): Promise<Response> {
  const { method, path, query = {}, body, accept = "application/json" } = request;
  const search = new URLSearchParams(query).toString();
  const headers = { authorization: `Bearer ${token}`, accept };
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    return await fetch(`${url}${apiBasePath}${path}${search === "" ? "" : `?${search}`}`, {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...payload,
      // A token goes where it was meant to go, and nowhere else.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

async function readText({ url }: Connection, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > maxAnswerBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw unreachable(url, cause);
  }
  if (length > maxAnswerBytes) throw notOurs({ url }, "an answer without end");
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreachable(url: string, cause: unknown): CommandFailure {
  const reason =
    cause instanceof Error && cause.name === "TimeoutError" ? `no answer in ${timeoutMs / 1000} s` : code(cause);
  const advice = 'Start it with "tcm start", or say where it is with --url or TCM_URL.';
  return new CommandFailure(exitCode.unreachable, `Cannot reach the control plane at ${url} (${reason}). ${advice}`, {
    cause,
  });
}

function code(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === "string" ? cause.code : "no connection";
}

function notOurs({ url }: Pick<Connection, "url">, what: string): CommandFailure {
  return new CommandFailure(
    exitCode.unreachable,
    `${url} does not answer like a control plane of this version: ${what}. Check the address.`,
  );
}
