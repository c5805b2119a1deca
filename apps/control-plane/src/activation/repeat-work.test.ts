import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { repeatWork } from "./repeat-work.ts";

const never = { intervalMs: 1_000_000, onFault: () => undefined };

describe("work that is looked for again and again", () => {
  test("is done at once, for what an earlier process left", async () => {
    let times = 0;
    const repeated = repeatWork({ ...never, work: async () => void times++ });
    await repeated.stop();
    expect(times).toBe(1);
  });

  test("goes on after a fault, which is told", async () => {
    const { promise: again, resolve } = Promise.withResolvers<void>();
    const faults: unknown[] = [];
    let times = 0;
    const work = async (): Promise<void> => {
      times += 1;
      if (times === 1) throw new Error("the store is away");
      resolve();
    };
    const repeated = repeatWork({ intervalMs: 1, work, onFault: (error) => faults.push(error) });
    onTestFinished(() => repeated.stop());
    await again;
    expect(faults).toEqual([new Error("the store is away")]);
  });

  test("never runs twice at a time, and a stop waits for it", async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let [running, most, done] = [0, 0, 0];
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
      done += 1;
    };
    const repeated = repeatWork({ intervalMs: 1, work, onFault: () => undefined });
    // Several intervals go by meanwhile, and none of them begins anything.
    await pause(20);
    const stopped = repeated.stop();
    open();
    await stopped;
    expect([running, most, done]).toEqual([0, 1, 1]);
  });
});
