import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openMemoryStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { streamEvents } from "./event-stream.ts";

const patience = { timeout: 120_000 };
/** More than the buffers of both ends of a connection take. */
const manyEvents = 12_000;

/** A reader that takes nothing from its stream until it is told to, and so many events that it is behind. */
async function slowReader({ mayRead }: { readonly mayRead: () => Promise<boolean> }) {
  const store = await openMemoryStore();
  onTestFinished(() => store.close());
  const stopped = new AbortController();
  onTestFinished(() => stopped.abort());
  const streams: { readonly response: ServerResponse; readonly run: Promise<void> }[] = [];
  const server = createServer((_, response) => {
    const options = { store, seen: undefined, heartbeatMs: 50, mayRead, signal: stopped.signal };
    streams.push({ response, run: streamEvents(response, options) });
  }).listen(0, "127.0.0.1");
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const [incoming] = (await once(get({ port, host: "127.0.0.1", agent: false }), "response")) as [IncomingMessage];
  incoming.pause();
  const [stream] = streams;
  if (stream === undefined) throw new Error("nobody reads");
  const run = stream.run.catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
  });
  await addEvents(store);
  await vi.waitFor(() => expect(stream.response.writableNeedDrain).toBe(true), patience);
  return { store, incoming, run };
}

async function addEvents({ db }: Store): Promise<void> {
  const row = { type: "test", data: JSON.stringify({ padding: "x".repeat(2_000) }), at: "2026-06-01T00:00:00.000000Z" };
  for (let i = 0; i < manyEvents; i += 1_000)
    await db
      .insertInto("events")
      .values(Array.from({ length: 1_000 }, () => row))
      .execute();
}

describe("a reader that is slower than the events", () => {
  test("is told to read everything again when what it has not read is not kept any more", async () => {
    const { store, incoming } = await slowReader({ mayRead: async () => true });
    await store.db.deleteFrom("events").where("id", "<", manyEvents).execute();
    let text = "";
    incoming
      .setEncoding("utf8")
      .on("data", (chunk: string) => (text += chunk))
      .resume();
    const told = () =>
      [...text.matchAll(/^id: (\d+)\nevent: (\w+)$/gm)].map(([, id, type]) => ({ id: Number(id), type }));
    await vi.waitFor(() => expect(told().at(-1)?.id).toBe(manyEvents), patience);
    expect(told().at(-1)).toEqual({ id: manyEvents, type: "reset" });
    expect(told().filter(({ type }) => type === "reset")).toHaveLength(1);
    // And what comes after that.
    await store.db
      .insertInto("events")
      .values({ type: "later", data: "{}", at: "2026-06-01T00:00:00.000000Z" })
      .execute();
    await vi.waitFor(() => expect(told().at(-1)).toEqual({ id: manyEvents + 1, type: "later" }), patience);
  });

  test("loses its place when it may not read any more, though it takes nothing", async () => {
    let mayRead = true;
    const { run } = await slowReader({ mayRead: async () => mayRead });
    mayRead = false;
    await expect(run).resolves.toBeUndefined();
  });
});
