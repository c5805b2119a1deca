import { describe, expect, test } from "vitest";
import { reportQueue } from "./report-queue.ts";

type Said = { readonly node: string; readonly number: number };

/** A store that writes when the test lets it. */
function slowStore(maxWaitingOfSource: number) {
  const batches: (readonly Said[])[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const faults: unknown[] = [];
  const queue = reportQueue<Said>({
    record: (batch) => {
      batches.push(batch);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    },
    onFault: (error) => faults.push(error),
    sourceOf: ({ node }) => node,
    maxWaitingOfSource,
  });
  let number = 0;
  const push = (node: string) => queue.push({ node, number: ++number });
  return { queue, batches, gates, faults, push };
}

describe("reports of nodes wait for a slow store", () => {
  test("together, and in the order in which they came", async () => {
    const { queue, batches, gates, push } = slowStore(100);
    for (const node of ["a", "b", "a"]) void push(node);
    gates[0]?.resolve();
    while (batches.length < 2) await new Promise((resume) => setImmediate(resume));
    gates[1]?.resolve();
    await queue.idle();
    expect(batches.map((batch) => batch.map(({ number }) => number))).toEqual([[1], [2, 3]]);
    expect(queue.depth()).toBe(0);
  });

  test("a node with many of them is asked to hold on until they are written, and no other is", async () => {
    const { queue, batches, gates, push } = slowStore(3);
    expect(push("a")).toBeUndefined();
    expect([push("a"), push("a")]).toEqual([undefined, undefined]);
    const hold = push("a");
    expect(hold).toBeInstanceOf(Promise);
    expect(push("b")).toBeUndefined();
    let isRelieved = false;
    void hold?.then(() => (isRelieved = true));
    gates[0]?.resolve();
    while (batches.length < 2) await new Promise((resume) => setImmediate(resume));
    expect(isRelieved).toBe(false);
    gates[1]?.resolve();
    await hold;
    expect(push("a")).toBeUndefined();
    gates[2]?.resolve();
    while (gates[2] === undefined) await new Promise((resume) => setImmediate(resume));
    gates[2].resolve();
    await queue.idle();
  });

  test("a store that fails lets nodes go on: they say it all again with their next hello", async () => {
    const { queue, gates, faults, push } = slowStore(1);
    const hold = push("a");
    gates[0]?.reject(new Error("the store is away"));
    await hold;
    await queue.idle();
    expect(faults).toEqual([new Error("the store is away")]);
  });
});
