import { setTimeout as pause } from "node:timers/promises";

/** Longest time for which reports are gathered. */
const maxPauseMs = 50;

/**
 * Gathers reports while the last ones are being written, so that a thousand nodes cost a few transactions and not three
 * thousand. What is lost in a crash is said again: a node's next hello holds all its reports.
 */
export type ReportQueue<Report> = {
  push(report: Report): void;
  /** Resolves when nothing is waiting. */
  idle(): Promise<void>;
  /** Those being written included. */
  depth(): number;
};

export function reportQueue<Report>(
  record: (reports: readonly Report[]) => Promise<void>,
  onFault: (error: unknown, reports: readonly Report[]) => void,
): ReportQueue<Report> {
  let waiting: Report[] = [];
  let beingWritten = 0;
  let running: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      beingWritten = batch.length;
      const begin = performance.now();
      await record(batch).catch((error: unknown) => onFault(error, batch));
      beingWritten = 0;
      // The busier the store, the more reports share one commit; a single one is written at once.
      if (waiting.length > 0) await pause(Math.min(2 * (performance.now() - begin), maxPauseMs));
    }
    running = undefined;
  };
  return {
    push: (report) => {
      waiting.push(report);
      running ??= drain();
    },
    // The drain goes on until nothing is waiting.
    idle: async () => running,
    depth: () => waiting.length + beingWritten,
  };
}
