import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { type EndpointName, endpoints } from "../endpoints.ts";
import type { AnswerOf, CallOf, FullAnswer } from "./client-types.ts";
import { type EventOptions, type NumberedEvent, readEvents } from "./read-events.ts";
import { type Connection, foreign, parseJson, sendRequest } from "./send-request.ts";

/** Nothing has to be given when every part of the call may be left out. */
type Call<N extends EndpointName> = Partial<CallOf<N>> extends CallOf<N> ? [call?: CallOf<N>] : [call: CallOf<N>];

/** The API by the names of its endpoints. Answers are checked against the contract; members that it does not know are kept. */
export type Client = {
  /** The body of the answer. Throws `ApiProblem` when the server says no, `NoAnswer` when nothing sensible comes. */
  call<N extends EndpointName>(name: N, ...call: Call<N>): Promise<AnswerOf<N>>;
  /** The body with status, ETag, Location and Retry-After. */
  send<N extends EndpointName>(name: N, ...call: Call<N>): Promise<FullAnswer<AnswerOf<N>>>;
  /** Events from now on, or behind the one with the id `after`, until the signal or the server ends it. */
  events(options?: EventOptions): AsyncGenerator<NumberedEvent>;
};

export function openClient(connection: Connection): Client {
  const send = async <N extends EndpointName>(name: N, ...given: Call<N>): Promise<FullAnswer<AnswerOf<N>>> => {
    const endpoint: Endpoint = endpoints[name];
    const call: AnyCall = given[0] ?? {};
    const { response, text } = await sendRequest(connection, {
      method: endpoint.method,
      path: fillPath(endpoint.path, call.params ?? {}),
      query: texts(call.query ?? {}),
      body: call.body,
      headers: { accept: acceptOf(endpoint), ...(call.ifMatch !== undefined && { "if-match": call.ifMatch }) },
      signal: call.signal,
    });
    const body = readBody(connection, endpoint, response.status, text);
    // Checked against the form that the table has for the status.
    return { status: response.status, body: body as AnswerOf<N>, ...readHeaders(response) };
  };
  return {
    send,
    call: async (name, ...call) => (await send(name, ...call)).body,
    events: (options = {}) => readEvents(connection, options),
  };
}

type AnyCall = {
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

function fillPath(path: string, params: Readonly<Record<string, string | number>>): string {
  return path.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function texts(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function acceptOf({ answers }: Endpoint): string {
  const other = Object.values(answers).find((form) => typeof form === "string");
  return typeof other === "string" ? `${other}, */*` : "application/json";
}

function readBody(connection: Connection, { answers, path }: Endpoint, status: number, text: string): unknown {
  const form = answers[status];
  if (form === undefined) throw foreign(connection, `HTTP status ${status} to ${path}`);
  if (form === null) return undefined;
  if (typeof form === "string") return text;
  const body = parseJson(text);
  if (!z.safeParse(form, body).success) throw foreign(connection, `an unexpected answer to ${path}`);
  return body;
}

function readHeaders({ headers }: Response): Omit<FullAnswer<never>, "status" | "body"> {
  const date = new Date(headers.get("retry-after") ?? "");
  return {
    etag: headers.get("etag") ?? undefined,
    location: headers.get("location") ?? undefined,
    retryAfter: Number.isNaN(date.getTime()) ? undefined : date,
  };
}
