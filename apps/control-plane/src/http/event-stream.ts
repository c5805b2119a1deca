import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { OperationContext } from "../operations/context.ts";
import { eventsAfter, findPosition, type NumberedEvent } from "../operations/history/read-events.ts";

export type EventStreamOptions = {
  readonly store: OperationContext["store"];
  /** The number that the reader saw last; undefined: it is new. */
  readonly seen: number | undefined;
  readonly heartbeatMs: number;
  /** Whether the reader may still read; asked with every heartbeat. */
  readonly mayRead: () => Promise<boolean>;
  /** Ends the stream. */
  readonly signal: AbortSignal;
};

/**
 * Several processes on one database do not commit in the order of their numbers: one that is lower may come a moment later. What is
 * told twice after an interruption does no harm, since an event only says what to read again.
 */
const lookBack = 50;

/** A person does not notice; one question by primary key costs next to nothing. */
const pollMs = 250;

/**
 * Writes events as they come until the reader goes, may not read any more, or the signal ends it. A reader that is slower than the
 * events is waited for: what it has not read stays in the log, and is told to read everything again when it does not.
 */
export async function streamEvents(response: ServerResponse, options: EventStreamOptions): Promise<void> {
  const { store, signal } = options;
  let position = await findPosition(store.db, options.seen);
  let { id } = position;
  const told = new Set<number>();
  if (!(await write(response, frame(position), options))) return;
  let beatAt = performance.now() + options.heartbeatMs;
  while (!signal.aborted) {
    const recent = await eventsAfter(store.db, Math.max(position.id, id - lookBack));
    const events = recent.filter((event) => !told.has(event.id));
    const reset = await missed(store, id, events);
    if (reset !== undefined) {
      position = reset;
      ({ id } = reset);
      told.clear();
      if (!(await write(response, frame(reset), options))) return;
      continue;
    }
    for (const { id: number, event } of events) {
      id = Math.max(id, number);
      if (!(await write(response, frame({ id, event }), options))) return;
      told.add(number);
    }
    for (const number of told) if (number <= id - lookBack) told.delete(number);
    if (performance.now() >= beatAt) {
      if (!(await options.mayRead())) return;
      if (!(await write(response, ": heartbeat\n\n", options))) return;
      beatAt = performance.now() + options.heartbeatMs;
    }
    if (events.length === 0) await delay(pollMs, undefined, { signal });
  }
}

/** Where to go on when events between `id` and the next one are not kept any more; numbers that were given and never used are no loss. */
async function missed(
  { db }: EventStreamOptions["store"],
  id: number,
  [next]: readonly NumberedEvent[],
): Promise<NumberedEvent | undefined> {
  if (next === undefined || next.id <= id + 1) return undefined;
  const position = await findPosition(db, id);
  return position.event.type === "reset" ? position : undefined;
}

/** HTML, server-sent events: JSON has no line ends, so that one `data` line holds it. */
function frame({ id, event }: NumberedEvent): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

type Waiting = Pick<EventStreamOptions, "signal" | "heartbeatMs" | "mayRead">;

/** False: the reader may not read any more. Asked also while it takes nothing, or it would keep its place for as long as it likes. */
async function write(
  response: ServerResponse,
  text: string,
  { signal, heartbeatMs, mayRead }: Waiting,
): Promise<boolean> {
  if (response.write(text)) return true;
  while (response.writableNeedDrain && !(await isDrained(response, heartbeatMs, signal)))
    if (!(await mayRead())) return false;
  return true;
}

async function isDrained(response: ServerResponse, withinMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await once(response, "drain", { signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]) });
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}
