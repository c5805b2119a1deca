import type { ActivationView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { historyOf } from "./network-history.ts";
import { historyRows } from "./history-rows.ts";
import { labelledTicks, timeAxis } from "./time-axis.ts";

const day = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");
const at = (days: number): string => new Date(start + days * day).toISOString();

/** An activation on staging that began and ended on a day. */
function activation(days: number, version: number, change: Partial<ActivationView> = {}): ActivationView {
  return {
    activationId: days,
    version,
    network: "STAGING",
    activationType: "ACTIVATE",
    activationStatus: "COMPLETE",
    createdDate: at(days),
    modifiedDate: at(days),
    previousVersion: null,
    failureReason: null,
    percentComplete: 100,
    ...change,
  } as ActivationView;
}

function staging(activations: readonly ActivationView[], stagingVersion: number | null) {
  const [history] = historyOf(activations.toReversed(), { stagingVersion, productionVersion: null });
  return {
    spans: history?.spans.map(({ version, fromMs, untilMs }) => [
      version,
      (fromMs - start) / day,
      untilMs === undefined ? "now" : (untilMs - start) / day,
    ]),
    marks: history?.marks.map(({ kind, activation: { version } }) => [kind, version]),
  };
}

describe("which version ran on a network", () => {
  test("each until the next was there, and the last until now", () => {
    const activations = [activation(1, 1), activation(5, 2, { previousVersion: 1 })];
    expect(staging(activations, 2)).toEqual({
      spans: [
        [1, 1, 5],
        [2, 5, "now"],
      ],
      marks: [],
    });
  });

  test("not after it was withdrawn", () => {
    const withdrawn = activation(4, 1, { activationType: "DEACTIVATE", previousVersion: 1 });
    expect(staging([activation(1, 1), withdrawn, activation(9, 1)], 1).spans).toEqual([
      [1, 1, 4],
      [1, 9, "now"],
    ]);
  });

  test("not when its deployment was rejected: the one before went on", () => {
    const rejected = activation(3, 2, { activationStatus: "FAILED", previousVersion: 1 });
    const history = staging([activation(1, 1), rejected, activation(6, 3, { previousVersion: 1 })], 3);
    expect(history).toEqual({
      spans: [
        [1, 1, 6],
        [3, 6, "now"],
      ],
      marks: [["failed", 2]],
    });
  });

  test("also when its deployment failed by its deadline: it stays the network's version", () => {
    const late = activation(3, 2, { activationStatus: "FAILED", previousVersion: 1 });
    expect(staging([activation(1, 1), late], 2)).toEqual({
      spans: [
        [1, 1, 3],
        [2, 3, "now"],
      ],
      marks: [["failed", 2]],
    });
    const after = activation(8, 3, { previousVersion: 2 });
    expect(staging([activation(1, 1), late, after], 3).spans).toEqual([
      [1, 1, 3],
      [2, 3, 8],
      [3, 8, "now"],
    ]);
  });

  test("as one when the same is deployed again", () => {
    expect(staging([activation(1, 1), activation(4, 1, { previousVersion: 1 })], 1).spans).toEqual([[1, 1, "now"]]);
  });

  test("not yet while it is under way", () => {
    const running = activation(7, 2, { activationStatus: "IN_PROGRESS", modifiedDate: null, previousVersion: 1 });
    expect(staging([activation(1, 1), running], 1)).toEqual({ spans: [[1, 1, "now"]], marks: [["running", 2]] });
  });

  test("apart from what runs on the other network", () => {
    const activations = [activation(2, 1, { network: "PRODUCTION" }), activation(1, 1)];
    const [onStaging, onProduction] = historyOf(activations, { stagingVersion: 1, productionVersion: 1 });
    expect([onStaging?.spans.length, onProduction?.spans.length]).toEqual([1, 1]);
  });
});

describe("the line of time", () => {
  const histories = historyOf([activation(365, 2, { previousVersion: 1 }), activation(1, 1)], {
    stagingVersion: 2,
    productionVersion: null,
  });
  const axis = timeAxis(histories, start + 366 * day);

  test("goes from the first change to now", () => {
    expect([axis.placeOf(start + day), axis.placeOf(start + 366 * day)]).toEqual([0, 1]);
    expect(axis.placeOf(start)).toBe(0);
  });

  test("gives a day after a quiet year more room than its time has", () => {
    expect(axis.placeOf(start + 365 * day)).toBeLessThan(0.8);
    expect(axis.placeOf(start + 365 * day)).toBeGreaterThan(0.7);
  });

  test("never goes back", () => {
    const places = Array.from({ length: 367 }, (_, i) => axis.placeOf(start + i * day));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test("ends where it begins when nothing ever happened", () => {
    const empty = timeAxis([], start);
    expect([empty.ticks, empty.placeOf(start)]).toEqual([[start], 1]);
  });

  test("has the last forty changes", () => {
    const many = Array.from({ length: 100 }, (_, i) => activation(i, i + 1, { previousVersion: i === 0 ? null : i }));
    const long = timeAxis(
      historyOf(many.toReversed(), { stagingVersion: 100, productionVersion: null }),
      start + 200 * day,
    );
    expect([long.ticks.length, long.isCut, axis.isCut]).toEqual([40, true, false]);
    expect(long.placeOf(start)).toBe(0);
  });

  test("dates what has room for a date", () => {
    expect(labelledTicks(axis, 0.2)).toEqual([start + day, start + 365 * day]);
    expect(labelledTicks(axis, 0.3)).toEqual([start + day]);
  });
});

test("the table has every span, failure and deployment under way, the newest first", () => {
  const rejected = activation(3, 2, {
    activationStatus: "FAILED",
    failureReason: "Rejected by a.",
    previousVersion: 1,
  });
  const running = activation(7, 3, {
    activationStatus: "IN_PROGRESS",
    modifiedDate: null,
    percentComplete: 40,
    previousVersion: 1,
  });
  const histories = historyOf([running, rejected, activation(1, 1)], { stagingVersion: 1, productionVersion: null });
  expect(historyRows(histories).map(({ what, kind, detail, until }) => [what, kind, detail, until])).toEqual([
    ["version 3", "running", "40 %", undefined],
    ["version 2", "failed", "Rejected by a.", undefined],
    ["version 1", "served", "", "now"],
  ]);
});
