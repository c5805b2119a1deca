import { describe, expect, test } from "vitest";
import { expiryColumns } from "./expiry-columns.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

function drawn(...ends: readonly string[]): readonly string[] {
  return expiryColumns(ends, now)
    .filter(({ total, isNow }) => total > 0 || isNow)
    .map(({ label, total, isNow }) => `${label}: ${total}${isNow ? " now" : ""}`);
}

describe("ends of validity over time", () => {
  test("are counted by the day when all are near", () => {
    expect(drawn("2026-11-26T00:00:00Z", "2026-11-26T23:00:00Z", "2026-12-10T00:00:00Z")).toEqual([
      "24 Nov: 0 now",
      "26 Nov: 2",
      "10 Dec: 1",
    ]);
  });

  test("are counted by the month within two years", () => {
    expect(drawn("2026-11-30T00:00:00Z", "2028-02-29T00:00:00Z")).toEqual(["Nov 2026: 1 now", "Feb 2028: 1"]);
  });

  test("are counted by the year for roots of a generation", () => {
    expect(drawn("2024-01-01T00:00:00Z", "2046-12-31T00:00:00Z")).toEqual(["2024: 1", "2026: 0 now", "2046: 1"]);
  });

  test("have at most 24 columns, without a gap between them, whatever the years", () => {
    const columns = expiryColumns(["1971-01-01T00:00:00Z", "9999-12-31T23:59:59Z"], now);
    expect(columns.length).toBeLessThanOrEqual(24);
    expect(columns.reduce((sum, { total }) => sum + total, 0)).toBe(2);
    expect(columns.map(({ startMs }) => startMs)).toEqual(
      columns.map(({ startMs }) => startMs).toSorted((a, b) => a - b),
    );
    expect(columns.filter(({ isNow }) => isNow)).toHaveLength(1);
  });

  test("say in one column what is late and what is not", () => {
    const ends = ["2026-11-01T00:00:00Z", "2026-11-30T00:00:00Z", "2028-11-30T00:00:00Z"];
    const [november] = expiryColumns(ends, now);
    expect(november?.counts).toEqual({ expired: 1, soon: 1, near: 0, later: 0 });
  });

  test("of nothing are nothing", () => {
    expect(expiryColumns([], now)).toEqual([]);
  });
});
