import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { apiBasePath, type ProblemBody, problemBody, problemTypePrefix } from "@tcm/api-contract";

/** A whole answer, as it came over the wire. */
export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed when the answer says that it is JSON; otherwise the text. */
  readonly body: unknown;
};

export type AskOptions = {
  /** Sent as JSON with its media type, unless `raw` is given. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  /** null: none. */
  readonly token?: string | null;
  /** undefined takes a header away that would be sent otherwise. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

export type Ask = (method: string, path: string, options?: AskOptions) => Promise<Answer>;

/** A client without manners: any header, any body, any method. Paths are below the API, or whole when they start with "//". */
export function apiClient(url: string, defaultToken: string, ca?: string): Ask {
  const { hostname, port, protocol } = new URL(url);
  return async (method, path, { body, raw, token = defaultToken, headers = {} } = {}) => {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const wanted = {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(content !== undefined && { "content-length": String(Buffer.byteLength(content)) }),
      ...headers,
    };
    const sent = Object.fromEntries(Object.entries(wanted).filter((pair) => pair[1] !== undefined));
    const target = path.startsWith("//") ? path.slice(1) : apiBasePath + path;
    const options = { hostname, port, method, path: target, headers: sent, agent: false };
    const request =
      protocol === "https:" ? httpsRequest({ ...options, ca, servername: "localhost" }) : httpRequest(options);
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    request.end(content);
    const [response] = await answered;
    // A server may refuse before it has read everything; what is still being sent then is of no interest.
    request.on("error", () => undefined);
    return readAnswer(response);
  };
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const isJson = /^application\/(problem\+)?json/.test(response.headers["content-type"] ?? "");
  const body: unknown = isJson && text !== "" ? JSON.parse(text) : text;
  return { status: response.statusCode ?? 0, headers: response.headers, text, body };
}

/** The problem of an answer, with its slug; throws the whole answer when it is something else. */
export function problemOf({ status, headers, body, text }: Answer): ProblemBody & { readonly slug: string } {
  const parsed = problemBody.strict().safeParse(body);
  const isProblem = headers["content-type"]?.startsWith("application/problem+json") === true;
  if (!parsed.success || !isProblem || parsed.data.status !== status) throw new Error(`no problem: ${status} ${text}`);
  return { ...parsed.data, slug: parsed.data.type.slice(problemTypePrefix.length) };
}

/** Status and slug: what clients decide by. */
export function refusal(answer: Answer): readonly [number, string] {
  return [answer.status, problemOf(answer).slug];
}
