import { apiBasePath, problemBody } from "../problem-schema.ts";
import { ApiProblem, NoAnswer } from "./client-error.ts";
import { readChunks } from "./read-chunks.ts";

/** A request as it goes out. */
export type OutgoingRequest = {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
};

type RequestHeaders = Readonly<Record<string, string>>;

/** Where the server is, and how requests are authorised. */
export type Connection = {
  /** Origin, without a trailing slash. */
  readonly url: string;
  /** Headers that say who asks: a bearer token, a CSRF token, or a signature over the request. */
  readonly authorize: (request: OutgoingRequest) => RequestHeaders | Promise<RequestHeaders>;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
};

export type ApiRequest = {
  readonly method: string;
  /** Below the base path, encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
};

const defaultTimeoutMs = 30_000;
/** A list of 100 versions with 300 certificates each is below this; an endless answer is not. */
const maxAnswerCharacters = 256 * 1024 * 1024;

/** Sends, and answers what came with its text. Throws `ApiProblem` or `NoAnswer`. */
export async function sendRequest(
  connection: Connection,
  request: ApiRequest,
): Promise<{ readonly response: Response; readonly text: string }> {
  const { timeoutMs = defaultTimeoutMs } = connection;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
  const response = await openResponse(connection, request, signal);
  const text = await readText(connection, response);
  if (response.ok) return { response, text };
  const problem = problemBody.safeParse(parseJson(text));
  if (!problem.success) throw foreign(connection, `HTTP status ${response.status} without a problem body`);
  throw new ApiProblem(problem.data);
}

/** The response as soon as its headers are here. */
export async function openResponse(
  connection: Connection,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Response> {
  const { url, authorize, fetch: send = fetch } = connection;
  const { method, path, query, body: content } = request;
  const search = new URLSearchParams(query).toString();
  const body = content === undefined ? undefined : JSON.stringify(content);
  const target = `${url}${apiBasePath}${path}${search === "" ? "" : `?${search}`}`;
  const headers = {
    ...(body !== undefined && { "content-type": "application/json" }),
    ...request.headers,
    ...(await authorize({ method, url: target, body })),
  };
  try {
    // A credential goes where it was meant to go, and nowhere else.
    const options = { method, headers, signal, redirect: "manual" } as const;
    return await send(target, body === undefined ? options : { ...options, body });
  } catch (cause) {
    throw failure(connection, cause);
  }
}

async function readText(connection: Connection, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of readChunks(response.body)) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > maxAnswerCharacters) break;
    }
  } catch (cause) {
    throw failure(connection, cause);
  }
  if (text.length > maxAnswerCharacters) throw foreign(connection, "an answer without end");
  return text + decoder.decode();
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function foreign({ url }: Pick<Connection, "url">, what: string): NoAnswer {
  return new NoAnswer("foreign", `${url} does not answer like a control plane of this version: ${what}.`);
}

function failure({ url, timeoutMs = defaultTimeoutMs }: Connection, cause: unknown): Error {
  if (!(cause instanceof Error)) return new NoAnswer("unreachable", `${url} cannot be reached.`, { cause });
  if (cause.name === "AbortError") return cause;
  if (cause.name === "TimeoutError")
    return new NoAnswer("timeout", `${url} did not answer in ${timeoutMs / 1000} seconds.`, { cause });
  const { code } = (cause.cause ?? {}) as { readonly code?: unknown };
  const why = typeof code === "string" ? code : "no connection";
  return new NoAnswer("unreachable", `${url} cannot be reached (${why}).`, { cause });
}
