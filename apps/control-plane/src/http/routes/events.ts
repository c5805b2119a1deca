import type { OperationContext } from "../../operations/context.ts";
import { actorOf } from "../actor-of.ts";
import { streamEvents } from "../event-stream.ts";
import { sendProblem } from "../problem-reply.ts";
import { type App, noQuery, routeConfig } from "../route.ts";

/** Each holds a socket and asks the store four times a second. */
const maxStreams = 200;
/** So that no one reader keeps the others out. A browser has one for each of its windows. */
const maxStreamsOfOne = 32;

/** Server-sent events: what changes, as it changes, and what was missed since `Last-Event-ID`. */
export function eventRoutes(app: App, context: OperationContext, heartbeatMs: number): void {
  const streams = new Map<AbortController, string>();
  const running = new Set<Promise<void>>();
  app.addHook("preClose", async () => {
    for (const stream of streams.keys()) stream.abort();
    await Promise.all(running);
  });

  app.get(
    "/mtls-edge-truststore/v2/events",
    { config: { ...routeConfig("read"), produces: ["text/event-stream"] }, schema: { querystring: noQuery } },
    async (request, reply) => {
      // It ends at once, and asks for the headers alone.
      if (request.method === "HEAD") return reply.headers(streamHeaders).send();
      const { name } = actorOf(request);
      const own = [...streams.values()].filter((reader) => reader === name);
      if (streams.size >= maxStreams || own.length >= maxStreamsOfOne) return sendProblem(reply, tooManyStreams);
      const stream = new AbortController();
      streams.set(stream, name);
      reply.hijack();
      const { raw: response } = reply;
      response.on("close", () => stream.abort());
      response.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        ...streamHeaders,
      });
      const run = streamEvents(response, {
        store: context.store,
        seen: lastEventId(request.headers["last-event-id"]),
        heartbeatMs,
        mayRead: request.mayStillRead,
        signal: stream.signal,
      })
        .catch((error: unknown) => {
          if (!stream.signal.aborted) request.log.error({ err: error }, "a stream of events ended badly");
        })
        .finally(() => {
          streams.delete(stream);
          running.delete(run);
          // Who takes nothing would keep the connection until it does.
          if (response.writableNeedDrain) response.destroy();
          else response.end();
        });
      running.add(run);
      return undefined;
    },
  );
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // Proxies in front would hold the events back.
  "x-accel-buffering": "no",
} as const;

const tooManyStreams = {
  slug: "service-busy",
  detail: `${maxStreams} streams of events are open, or ${maxStreamsOfOne} of yours, and no more are served. Close one, or read the resources instead.`,
} as const;

/** What is no number of ours was never given: the reader is told to read everything again. */
function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  return typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : Number.MAX_SAFE_INTEGER;
}
