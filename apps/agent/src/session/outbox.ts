import type { EntryReport, NodeMessage } from "@tcm/api-contract";
import { formatGeneration } from "@tcm/core";

/** More than any honest manifest: beyond it the oldest is dropped, and the next `hello` says it again. */
const maxWaiting = 4_000;

/**
 * What is to be said on a stream that may not take it yet. Reports are state: one that waits is replaced by a newer one of the
 * same entry and generation. What is said of a generation that was turned down does not replace what is served.
 */
export class Outbox {
  readonly #waiting = new Map<string, string>();
  readonly #write: (line: string) => boolean;
  #isBlocked = false;

  /** `write` answers whether it takes more now; when it does not, `resume` says that it does again. */
  constructor(write: (line: string) => boolean) {
    this.#write = write;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  say(line: string): void {
    this.#isBlocked = !this.#write(line) || this.#isBlocked;
  }

  report(report: EntryReport): void {
    const message: NodeMessage = { type: "report", report };
    const line = JSON.stringify(message);
    if (!this.#isBlocked) return this.say(line);
    const key = `${report.entryId} ${formatGeneration(report.generation)}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, line);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > maxWaiting && oldest !== undefined) this.#waiting.delete(oldest);
  }

  resume(): void {
    this.#isBlocked = false;
    for (const [key, line] of this.#waiting) {
      if (this.#isBlocked) return;
      this.#waiting.delete(key);
      this.say(line);
    }
  }
}
