import { type ControlPlaneEvent, controlPlaneEvent } from "../event-schema.ts";
import { problemBody } from "../problem-schema.ts";
import { ApiProblem, NoAnswer } from "./client-error.ts";
import { readChunks } from "./read-chunks.ts";
import { type Connection, foreign, openResponse, parseJson } from "./send-request.ts";
import { watchSilence } from "./silence.ts";

export type NumberedEvent = { readonly id: string; readonly event: ControlPlaneEvent };

export type EventOptions = {
  /** The id of the event that was seen last. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** How long the server may say nothing; it says something every five seconds. */
  readonly silenceMs?: number;
};

/** An event is a few hundred characters. */
const maxPendingCharacters = 64 * 1024;
/** Six heartbeats of the server. */
const usualSilenceMs = 30_000;

/**
 * Events as they come, until the signal or the server ends it. Throws `NoAnswer` when the server falls silent. An event of a type
 * that is not known here is passed over.
 */
export async function* readEvents(
  connection: Connection,
  { after, signal, silenceMs = usualSilenceMs }: EventOptions,
): AsyncGenerator<NumberedEvent> {
  const silence = watchSilence(silenceMs, () => silent(connection, silenceMs));
  const until = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  const request = {
    method: "GET",
    path: "/events",
    query: {},
    body: undefined,
    headers: { accept: "text/event-stream", ...(after !== undefined && { "last-event-id": after }) },
    signal: until,
  };
  try {
    const response = await openResponse(connection, request, until);
    if (!response.ok) throw await refusalOf(connection, response);
    yield* parseStream(connection, response, silence.heard);
  } catch (error) {
    if (silence.signal.aborted) throw silence.signal.reason;
    if (signal?.aborted !== true) throw error;
  } finally {
    silence.end();
  }
}

async function* parseStream(
  connection: Connection,
  response: Response,
  onHeard: () => void,
): AsyncGenerator<NumberedEvent> {
  const decoder = new TextDecoder();
  let pending = "";
  for await (const chunk of readChunks(response.body)) {
    onHeard();
    pending += decoder.decode(chunk, { stream: true });
    const blocks = pending.split("\n\n");
    pending = blocks.pop() ?? "";
    if (pending.length > maxPendingCharacters) throw foreign(connection, "an event without end");
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== undefined) yield event;
    }
  }
}

function silent({ url }: Connection, silenceMs: number): NoAnswer {
  return new NoAnswer("timeout", `${url} has said nothing for ${silenceMs / 1_000} seconds.`);
}

async function refusalOf(connection: Connection, response: Response): Promise<Error> {
  const problem = problemBody.safeParse(parseJson(await response.text()));
  return problem.success
    ? new ApiProblem(problem.data)
    : foreign(connection, `HTTP status ${response.status} to /events`);
}

/** HTML, server-sent events, as far as the server uses them: one line each of `id`, `event` and `data`. */
function parseBlock(block: string): NumberedEvent | undefined {
  const fields = new Map(
    block.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const event = controlPlaneEvent.safeParse(parseJson(fields.get("data") ?? ""));
  return event.success ? { id: fields.get("id") ?? "", event: event.data } : undefined;
}
