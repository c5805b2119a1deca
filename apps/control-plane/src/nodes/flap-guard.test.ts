import { describe, expect, test } from "vitest";
import { openFlapGuard } from "./flap-guard.ts";

const minute = 60_000;

describe("two agents with the identity of one node are damped", () => {
  test("each replacement keeps the loser away for longer, a minute at most", () => {
    const guard = openFlapGuard();
    const waits = Array.from({ length: 9 }, (_, i) => guard.replaced("a", i * 1_000).retryAfterMs);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test("it is said at the third within five minutes, and again after an hour", () => {
    const guard = openFlapGuard();
    const said = (at: number) => guard.replaced("a", at).isShared;
    expect([0, 1_000, 2_000, 3_000].map(said)).toEqual([false, false, true, false]);
    for (let at = minute; at < 60 * minute; at += 4 * minute) expect(said(at)).toBe(false);
    expect(said(61 * minute)).toBe(true);
  });

  test("a node that replaces itself now and then is no cause for alarm", () => {
    const guard = openFlapGuard();
    for (let at = 0; at < 100 * minute; at += 6 * minute)
      expect(guard.replaced("a", at)).toEqual({ retryAfterMs: 1_000, isShared: false });
  });

  test("nodes are counted apart", () => {
    const guard = openFlapGuard();
    for (let i = 0; i < 5; i++) expect(guard.replaced(`node-${i}`, i).retryAfterMs).toBe(1_000);
  });
});
