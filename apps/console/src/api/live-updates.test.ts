import { ApiProblem, type Client, NoAnswer, type NumberedEvent } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { followEvents, pauseMs } from "./live-updates.ts";

type Stream = { readonly events: readonly NumberedEvent[]; readonly error?: Error };
const ready = (id: string): NumberedEvent => ({ id, event: { type: "ready" } });
const refusal = (status: number) =>
  new ApiProblem({ type: "/x/unauthorized", title: "", detail: "", status, instance: "" });

/** What a watcher is told of these streams, one after another; it is ended after the last. */
async function watch(streams: readonly Stream[]) {
  const told: string[] = [];
  const ending = new AbortController();
  let next = 0;
  const events: Client["events"] = async function* ({ after } = {}) {
    told.push(`asks ${after ?? "anew"}`);
    const stream = streams[next++];
    yield* stream?.events ?? [];
    if (stream?.error !== undefined) throw stream.error;
  };
  await followEvents(
    events,
    {
      onState: (state) => told.push(state),
      onEvent: ({ type }) => told.push(`event ${type}`),
      onMissed: () => told.push("reads all"),
      onSignedOut: () => told.push("signed out"),
      pause: async (failures) => {
        told.push(`pause ${failures}`);
        if (next === streams.length) ending.abort();
      },
    },
    ending.signal,
  );
  return told;
}

describe("the page follows the events", () => {
  test("what happened before the first of them is read, and after a gap what may have failed in it", async () => {
    const told = await watch([{ events: [ready("4")] }, { events: [ready("5")] }]);
    const first = ["asks anew", "reads all", "live", "event ready", "connecting", "pause 1"];
    expect(told).toEqual([...first, "asks 4", "reads all", "live", "event ready", "connecting", "pause 1"]);
  });

  test("one interruption is no news; the second is, and the page is read again with every try", async () => {
    const away = { events: [], error: new NoAnswer("unreachable", "") };
    const told = await watch([{ events: [ready("4")] }, away, away, { events: [ready("4")] }]);
    expect(told.slice(6)).toEqual(
      [
        ["asks 4", "lost", "reads all", "pause 2"],
        ["asks 4", "lost", "reads all", "pause 3"],
        ["asks 4", "reads all", "live", "event ready", "connecting", "pause 1"],
      ].flat(),
    );
  });

  test("a session that has ended is said", async () => {
    expect(await watch([{ events: [], error: refusal(401) }])).toContain("signed out");
    expect(await watch([{ events: [], error: refusal(503) }])).not.toContain("signed out");
  });
});

test.each([
  [1, 0, 500],
  [1, 1, 1_000],
  [2, 1, 2_000],
  [4, 0.5, 6_000],
  [5, 1, 15_000],
  [99, 0, 7_500],
])("after %i failures, thrown %f, it waits %i ms", (failures, random, ms) => {
  expect(pauseMs(failures, random)).toBe(ms);
});
