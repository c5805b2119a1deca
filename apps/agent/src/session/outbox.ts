import type { EntryReport, NodeMessage } from "@tcm/api-contract";

/** More than any honest manifest: beyond it the oldest is dropped, and the next announcement brings it up again. */
const maxWaiting = 4_000;

/**
 * What is to be said on a stream that may not take it yet. Reports are state: one that waits is replaced by a newer one of the
 * same entry, so what waits is bounded by the number of entries.
 */
export class Outbox {
  readonly #waiting = new Map<string, string>();
  readonly #write: (line: string) => boolean;
  #isBlocked = false;

  /** `write` answers whether it takes more now; when it does not, `resume` says that it does again. */
  constructor(write: (line: string) => boolean) {
    this.#write = write;
  }

  say(line: string): void {
    this.#isBlocked = !this.#write(line) || this.#isBlocked;
  }

  report(report: EntryReport): void {
    const message: NodeMessage = { type: "report", report };
    const line = JSON.stringify(message);
    if (!this.#isBlocked) return this.say(line);
    this.#waiting.delete(report.entryId);
    this.#waiting.set(report.entryId, line);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > maxWaiting && oldest !== undefined) this.#waiting.delete(oldest);
  }

  resume(): void {
    this.#isBlocked = false;
    for (const [entryId, line] of this.#waiting) {
      if (this.#isBlocked) return;
      this.#waiting.delete(entryId);
      this.say(line);
    }
  }
}
