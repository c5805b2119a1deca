import { type ControlPlaneEvent, controlPlaneEvent } from "../event-schema.ts";
import { problemBody } from "../problem-schema.ts";
import { ApiProblem } from "./client-error.ts";
import { type Connection, foreign, openResponse, parseJson } from "./send-request.ts";

export type NumberedEvent = { readonly id: string; readonly event: ControlPlaneEvent };

export type EventOptions = { readonly after?: string; readonly signal?: AbortSignal };

/** An event is a few hundred characters. */
const maxPendingCharacters = 64 * 1024;

/** Events as they come, until the signal or the server ends it. An event of a type that is not known here is passed over. */
export async function* readEvents(
  connection: Connection,
  { after, signal }: EventOptions,
): AsyncGenerator<NumberedEvent> {
  const request = {
    method: "GET",
    path: "/events",
    query: {},
    body: undefined,
    headers: { accept: "text/event-stream", ...(after !== undefined && { "last-event-id": after }) },
    signal,
  };
  const response = await openResponse(connection, request, signal ?? new AbortController().signal);
  if (!response.ok) throw await refusalOf(connection, response);
  try {
    yield* parseStream(connection, response);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

async function* parseStream(connection: Connection, response: Response): AsyncGenerator<NumberedEvent> {
  const decoder = new TextDecoder();
  let pending = "";
  for await (const chunk of response.body ?? []) {
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
