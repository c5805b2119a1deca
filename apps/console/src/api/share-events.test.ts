import type { Client, NumberedEvent } from "@tcm/api-contract";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { shareEvents } from "./share-events.ts";

/** A server that keeps its streams open, and windows of one browser that watch it. */
function browser(silenceMs?: number) {
  const streams: { readonly after: string | undefined; readonly push: (one: NumberedEvent | Error) => void }[] = [];
  const events: Client["events"] = async function* ({ after, signal } = {}) {
    const pushed: (NumberedEvent | Error)[] = [];
    let wake = Promise.withResolvers<void>();
    signal?.addEventListener("abort", () => wake.resolve());
    streams.push({ after, push: (one) => (pushed.push(one), wake.resolve()) });
    for (;;) {
      if (signal?.aborted === true) return;
      const next = pushed.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined) yield next;
      else {
        wake = Promise.withResolvers();
        await wake.promise;
      }
    }
  };
  const shared = shareEvents(events, navigator.locks, silenceMs);
  const open = () => {
    const told: string[] = [];
    const closing = new AbortController();
    const watch = async (): Promise<string> => {
      for await (const { id, event } of shared({ signal: closing.signal })) told.push(`${event.type} ${id}`);
      return "ended";
    };
    const over = watch().catch((error: unknown) => String(error));
    onTestFinished(async () => {
      closing.abort();
      await over;
    });
    return { told, over, close: () => closing.abort() };
  };
  const server = (n: number) => vi.waitFor(() => streams[n] ?? expect.fail("nobody asks"), { timeout: 60_000 });
  return { streams, open, server };
}

const ready = (id: string): NumberedEvent => ({ id, event: { type: "ready" } });
const node = (id: string): NumberedEvent => ({
  id,
  event: { type: "edge-node", nodeId: "a", network: "STAGING" } as never,
});
const isTold = (window: { readonly told: readonly string[] }, what: string) =>
  vi.waitFor(() => expect(window.told).toContain(what), { timeout: 60_000 });

describe("the windows of a browser share one stream", () => {
  test("one of them asks, all are told, and who comes later is told at once that it is live", async () => {
    const { streams, open, server } = browser();
    const first = open();
    (await server(0)).push(ready("4"));
    await isTold(first, "ready 4");
    const second = open();
    await isTold(second, "ready 4");
    streams[0]?.push(node("5"));
    await Promise.all([isTold(first, "edge-node 5"), isTold(second, "edge-node 5")]);
    expect(streams).toHaveLength(1);
  });

  test("when its window closes the next one goes on behind the last event", async () => {
    const { streams, open, server } = browser();
    const first = open();
    (await server(0)).push(ready("4"));
    const second = open();
    await isTold(second, "ready 4");
    streams[0]?.push(node("5"));
    await isTold(second, "edge-node 5");
    first.close();
    const next = await server(1);
    expect(next.after).toBe("5");
    next.push(node("6"));
    await isTold(second, "edge-node 6");
    expect(await first.over).toBe("ended");
  });

  test("when its stream fails it is told so, and the next one asks for itself", async () => {
    const { streams, open, server } = browser();
    const first = open();
    (await server(0)).push(ready("4"));
    const second = open();
    await isTold(second, "ready 4");
    streams[0]?.push(new Error("gone"));
    expect(await first.over).toBe("Error: gone");
    const next = await server(1);
    expect(next.after).toBe("4");
    next.push(new Error("still gone"));
    expect(await second.over).toBe("Error: still gone");
  });

  test("who hears nothing of the one that holds it asks for itself", async () => {
    const { open, server } = browser(20);
    void navigator.locks.request("tcm-events", () => new Promise<void>((resolve) => onTestFinished(() => resolve())));
    const window = open();
    (await server(0)).push(ready("4"));
    await isTold(window, "ready 4");
  });
});
