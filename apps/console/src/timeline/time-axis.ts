import type { NetworkHistory } from "./network-history.ts";

/** More changes than these do not get a place of their own; the table has all. */
const maxChanges = 40;

/** Times on a line from 0 to 1. */
export type TimeAxis = {
  readonly startMs: number;
  readonly nowMs: number;
  /** Times at which something changed, the start and now among them. */
  readonly ticks: readonly number[];
  readonly isCut: boolean;
  readonly placeOf: (ms: number) => number;
};

/**
 * Half of the line goes by time and half by changes: five deployments of this afternoon and a quiet year before them are both seen.
 * Pure.
 */
export function timeAxis(histories: readonly NetworkHistory[], nowMs: number): TimeAxis {
  const all = [...new Set([...histories.flatMap(changesOf).filter((ms) => ms < nowMs), nowMs])].toSorted(
    (a, b) => a - b,
  );
  const ticks = all.slice(-maxChanges);
  const [startMs = nowMs] = ticks;
  const length = nowMs - startMs;
  const steps = ticks.length - 1;
  const placeOf = (ms: number): number => {
    if (steps === 0 || ms >= nowMs) return steps === 0 && ms < nowMs ? 0 : 1;
    if (ms <= startMs) return 0;
    const index = ticks.findLastIndex((tick) => tick <= ms);
    const [before = startMs, after = nowMs] = [ticks[index], ticks[index + 1]];
    const byChanges = (index + (ms - before) / (after - before)) / steps;
    return (byChanges + (ms - startMs) / length) / 2;
  };
  return { startMs, nowMs, ticks, isCut: all.length > ticks.length, placeOf };
}

function changesOf({ spans, marks }: NetworkHistory): readonly number[] {
  return [
    ...spans.flatMap(({ fromMs, untilMs }) => (untilMs === undefined ? [fromMs] : [fromMs, untilMs])),
    ...marks.map(({ atMs }) => atMs),
  ];
}

/** Ticks that have room for their dates: the first, and each that is far enough from the one before. Pure. */
export function labelledTicks({ ticks, placeOf }: TimeAxis, room: number): readonly number[] {
  const chosen: number[] = [];
  for (const tick of ticks) {
    const last = chosen.at(-1);
    const place = placeOf(tick);
    if ((last === undefined || place - placeOf(last) >= room) && place <= 1 - room) chosen.push(tick);
  }
  return chosen;
}
