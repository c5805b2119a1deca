import { describe, expect, test } from "vitest";
import { timestamp, timestampAfter } from "./actor.ts";

describe("times on the record", () => {
  const now = Date.parse("2026-06-01T12:34:56.789Z");

  test("have six fractional digits", () => expect(timestamp(now)).toBe("2026-06-01T12:34:56.789000Z"));

  test.each([
    ["2026-06-01T12:34:56.788999Z", "2026-06-01T12:34:56.789000Z"],
    ["2026-06-01T12:34:56.789000Z", "2026-06-01T12:34:56.789001Z"],
    ["2026-06-01T12:34:56.789999Z", "2026-06-01T12:34:56.790000Z"],
    ["2026-06-01T23:59:59.999999Z", "2026-06-02T00:00:00.000000Z"],
    ["2026-07-01T00:00:00.000009Z", "2026-07-01T00:00:00.000010Z"],
  ])("come after %s, whatever the clock says", (earlier, expected) => {
    expect(timestampAfter(earlier, now)).toBe(expected);
  });
});
