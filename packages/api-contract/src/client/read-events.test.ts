import { describe, expect, test } from "vitest";
import { NoAnswer } from "./client-error.ts";
import { openClient } from "./open-client.ts";

const encoder = new TextEncoder();
const ready = 'id: 7\nevent: ready\ndata: {"type":"ready"}\n\n';

/** A server that says this and no more; `ends`: and hangs up. */
function server(text: string, ends: boolean) {
  let isCancelled = false;
  const answer = (signal: AbortSignal | null | undefined): Response => {
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        for (const half of [text.slice(0, 9), text.slice(9)]) stream.enqueue(encoder.encode(half));
        if (ends) stream.close();
        signal?.addEventListener("abort", () => stream.error(signal.reason));
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    // As in Safari.
    Object.defineProperty(body, Symbol.asyncIterator, { value: undefined });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
  const fetch = (async (_url: unknown, options?: RequestInit) => answer(options?.signal)) as typeof globalThis.fetch;
  const client = openClient({ url: "http://127.0.0.1", authorize: () => ({}), fetch });
  return { client, isCancelled: () => isCancelled };
}

describe("answers are read where streams cannot be iterated", () => {
  test("events, in whatever pieces they come, heartbeats passed over", async () => {
    const { client } = server(`: heartbeat\n\n${ready}: heartbeat\n\n`, true);
    expect(await Array.fromAsync(client.events())).toEqual([{ id: "7", event: { type: "ready" } }]);
  });

  test("a body as a whole", async () => {
    const { client } = server('{"caSets":[]}', true);
    expect(await client.call("listCaSets")).toEqual({ caSets: [] });
  });
});

describe("a stream of events ends", () => {
  test("when its reader leaves: the rest is cancelled", async () => {
    const { client, isCancelled } = server(ready, false);
    for await (const { event } of client.events()) {
      expect(event.type).toBe("ready");
      break;
    }
    expect(isCancelled()).toBe(true);
  });

  test("without a word when its signal says so", async () => {
    const { client } = server(ready, false);
    const ending = new AbortController();
    for await (const _ of client.events({ signal: ending.signal })) ending.abort();
  });

  test("with a fault when the server falls silent, since a network that is gone says nothing", async () => {
    const { client } = server(ready, false);
    await expect(Array.fromAsync(client.events({ silenceMs: 1 }))).rejects.toThrow(NoAnswer);
  });
});
