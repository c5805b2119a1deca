import { setTimeout as pause } from "node:timers/promises";

/** Longest time for which reports are gathered. */
const maxPauseMs = 50;

/**
 * Gathers reports while the last ones are being written, so that a thousand nodes cost a few transactions and not three
 * thousand. What is lost in a crash is said again: a node's next hello holds all its reports.
 */
export type ReportQueue<Report> = {
  /** Answers when the source may say more: undefined is at once, otherwise when what it said is written. */
  push(report: Report): Promise<void> | undefined;
  /** Resolves when nothing is waiting. */
  idle(): Promise<void>;
  /** Those being written included. */
  depth(): number;
};

export type ReportQueueOptions<Report> = {
  readonly record: (reports: readonly Report[]) => Promise<void>;
  readonly onFault: (error: unknown, reports: readonly Report[]) => void;
  /** Whose report it is. */
  readonly sourceOf: (report: Report) => string;
  /** So many of one source wait before it is asked to hold on: a slow store costs a bounded memory, and the others nothing. */
  readonly maxWaitingOfSource: number;
};

export function reportQueue<Report>(options: ReportQueueOptions<Report>): ReportQueue<Report> {
  const { record, onFault, sourceOf, maxWaitingOfSource } = options;
  let waiting: Report[] = [];
  let beingWritten = 0;
  let counts = new Map<string, number>();
  let relief = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      const relieved = relief;
      waiting = [];
      counts = new Map();
      relief = Promise.withResolvers();
      beingWritten = batch.length;
      const begin = performance.now();
      await record(batch).catch((error: unknown) => onFault(error, batch));
      beingWritten = 0;
      relieved.resolve();
      // The busier the store, the more reports share one commit; a single one is written at once.
      if (waiting.length > 0) await pause(Math.min(2 * (performance.now() - begin), maxPauseMs));
    }
    running = undefined;
  };
  return {
    push: (report) => {
      const source = sourceOf(report);
      const count = (counts.get(source) ?? 0) + 1;
      counts.set(source, count);
      waiting.push(report);
      const { promise } = relief;
      running ??= drain();
      return count < maxWaitingOfSource ? undefined : promise;
    },
    // The drain goes on until nothing is waiting.
    idle: async () => running,
    depth: () => waiting.length + beingWritten,
  };
}
