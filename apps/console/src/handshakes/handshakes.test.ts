import { describe, expect, test } from "vitest";
import { handshakeColumns } from "./handshake-columns.ts";
import { ranges, startOf } from "./ranges.ts";
import { silenceOf } from "./silence.ts";

const now = Date.parse("2026-11-24T12:34:56Z");

describe("an anchor is silent after a day without a client", () => {
  test.each([
    [null, { kind: "never" }],
    ["2026-11-24T12:00:00Z", { kind: "heard", iso: "2026-11-24T12:00:00Z" }],
    ["2026-11-23T12:34:57Z", { kind: "heard", iso: "2026-11-23T12:34:57Z" }],
    ["2026-11-23T12:34:56Z", { kind: "silent", iso: "2026-11-23T12:34:56Z", forText: "1 day" }],
    ["2026-10-24T12:00:00Z", { kind: "silent", iso: "2026-10-24T12:00:00Z", forText: "31 days" }],
  ])("last seen %s", (lastAcceptedDate, silence) => {
    expect(silenceOf(lastAcceptedDate, now)).toEqual(silence);
  });
});

describe("handshakes over time", () => {
  const range = { startDate: "2026-11-24T00:00:00Z", endDate: "2026-11-25T00:00:00Z", bucketSeconds: 300 };
  const bucket = (startDate: string, accepted: number, refused: number, removedAnchor: number) => ({
    startDate,
    accepted,
    refused,
    removedAnchor,
    failed: 0,
  });

  test("fill the whole range in stretches of half an hour a day, and lose none", () => {
    const buckets = [
      bucket("2026-11-23T23:55:00Z", 1, 0, 0),
      bucket("2026-11-24T00:05:00Z", 2, 1, 1),
      bucket("2026-11-24T23:55:00Z", 4, 0, 0),
    ];
    const columns = handshakeColumns({ ...range, buckets });
    expect(columns).toHaveLength(48);
    expect([columns[0], columns[47]]).toMatchObject([
      { accepted: 3, refused: 2 },
      { accepted: 4, refused: 0 },
    ]);
    expect(columns.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(7);
  });

  test("have a column for each bucket where there are few of them", () => {
    const hours = handshakeColumns({
      ...range,
      bucketSeconds: 3_600,
      buckets: [bucket("2026-11-24T01:00:00Z", 1, 0, 0)],
    });
    expect(hours).toHaveLength(24);
    expect(hours[1]?.accepted).toBe(1);
  });

  test("are no picture where there was none", () => {
    expect(handshakeColumns({ ...range, buckets: [] })).toEqual([]);
  });
});

test("a range begins on the hour", () => {
  expect(ranges.map((range) => startOf(range, now))).toEqual([
    "2026-11-23T12:00:00.000Z",
    "2026-11-17T12:00:00.000Z",
    "2026-08-26T12:00:00.000Z",
  ]);
});
