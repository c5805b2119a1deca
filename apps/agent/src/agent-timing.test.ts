import { assert, double, nat, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { agentTiming, backoffMs } from "./agent-timing.ts";

describe("the wait before the next attempt", () => {
  test("is between 250 ms and 15 s, after any number of failures", () => {
    assert(
      property(nat(), double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const wait = backoffMs(agentTiming.reconnect, failures, random);
        expect(wait).toBeGreaterThanOrEqual(250);
        expect(wait).toBeLessThanOrEqual(15_000);
      }),
    );
  });

  test("is spread over a range that doubles with each failure", () => {
    const ceilings = [0, 1, 2, 3].map((failures) => backoffMs(agentTiming.reconnect, failures, 0.999_999));
    expect(ceilings).toEqual([500, 1_000, 2_000, 4_000]);
    expect(backoffMs(agentTiming.reconnect, 3, 0)).toBe(250);
  });
});
