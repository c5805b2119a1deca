import { describe, expect, test } from "vitest";
import { parseLimits } from "../operations/limits.ts";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";
import { openRateLimiter } from "./rate-limiter.ts";

describe("the rate limiter", () => {
  test("allows as many at once as a minute has, and refuses the next", () => {
    const limiter = openRateLimiter(3);
    const turns = [1, 2, 3, 4].map(() => limiter.take("a", 0));
    expect(turns.map(({ isAllowed, remaining }) => [isAllowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    expect(turns[3]?.nextAt).toBe(20_000);
  });

  test("allows one more exactly when it said so", () => {
    const limiter = openRateLimiter(3);
    for (const _ of [1, 2, 3]) limiter.take("a", 0);
    expect(limiter.take("a", 19_999).isAllowed).toBe(false);
    expect(limiter.take("a", 20_000)).toEqual({ isAllowed: true, limit: 3, remaining: 0, nextAt: 40_000 });
  });

  test("counts each key by itself, and a clock that goes back gives nothing", () => {
    const limiter = openRateLimiter(1);
    expect(limiter.take("a", 60_000).isAllowed).toBe(true);
    expect(limiter.take("b", 60_000).isAllowed).toBe(true);
    expect(limiter.take("a", 0).isAllowed).toBe(false);
  });

  test("fills up within another period, when it is told one", () => {
    const limiter = openRateLimiter(6, 3_600_000);
    for (let i = 0; i < 6; i++) expect(limiter.take("a", 0).isAllowed).toBe(true);
    expect(limiter.take("a", 0)).toMatchObject({ isAllowed: false, nextAt: 600_000 });
    expect(limiter.take("a", 600_000).isAllowed).toBe(true);
  });

  test("keeps no more than it can: of many keys at one time the oldest is forgotten, the newest are not", () => {
    const limiter = openRateLimiter(1);
    for (let i = 0; i < 25_000; i++) limiter.take(`actor-${i}`, 0);
    expect(limiter.take("actor-24999", 0).isAllowed).toBe(false);
    expect(limiter.take("actor-16001", 0).isAllowed).toBe(false);
    expect(limiter.take("actor-0", 0).isAllowed).toBe(true);
  });

  test("whoever keeps asking is not forgotten for the many others", () => {
    const limiter = openRateLimiter(1);
    limiter.take("busy", 0);
    for (let i = 0; i < 25_000; i++) {
      limiter.take(`actor-${i}`, 0);
      if (i % 1_000 === 0) expect(limiter.take("busy", 0).isAllowed).toBe(false);
    }
  });
});

describe("limits", () => {
  test("are read from a text, and what is not named keeps its default", () => {
    expect(parseLimits("caSets=5,requestsPerMinute=60")).toEqual({
      caSets: 5,
      versionsPerCaSet: 100,
      certificatesPerVersion: 300,
      requestsPerMinute: 60,
    });
  });

  test.each([
    "caSets",
    "caSets=0",
    "caSets=-1",
    "sets=5",
    "certificatesPerVersion=301",
    "constructor=5",
    "caSets=1e3",
  ])("refuses %j", (text) => {
    expect(parseLimits(text)).toBeUndefined();
  });
});

describe("requests over the limit", () => {
  test("are refused with what mETS says in headers and body, each actor by itself, health checks never", async () => {
    const limits = { requestsPerMinute: 2, caSets: 1 };
    const plane = await ControlPlaneHarness.start({ limits });
    try {
      const first = await plane.ask("GET", "/ca-sets");
      expect(first.status).toBe(200);
      expect(first.headers).toMatchObject({
        "x-ratelimit-limit": "2",
        "x-ratelimit-remaining": "1",
        "x-ratelimit-next": "2026-06-01T00:00:00.000000Z",
      });
      await plane.ask("GET", "/ca-sets");
      const refused = await plane.ask("GET", "/ca-sets");
      expect(refusal(refused)).toEqual([429, "rate-limit-exceeded"]);
      expect(refused.headers).toMatchObject({
        "x-ratelimit-remaining": "0",
        "x-ratelimit-next": "2026-06-01T00:00:30.000000Z",
        "retry-after": "Mon, 01 Jun 2026 00:00:30 GMT",
      });
      expect(refused.body).toMatchObject({
        rateLimit: 2,
        rateLimitRemaining: 0,
        rateLimitNext: "2026-06-01T00:00:30.000000Z",
        instance: expect.stringMatching(/rate-limit-exceeded\?traceId=[0-9a-f]{16}$/) as string,
      });
      expect((await plane.ask("GET", "/ca-sets", { token: plane.viewer })).status).toBe(200);
      expect((await plane.ask("GET", "//healthz", { token: null })).status).toBe(200);
      plane.clock.advance(30_000);
      expect((await plane.ask("GET", "/ca-sets")).status).toBe(200);
    } finally {
      await plane.remove();
    }
  });
});
