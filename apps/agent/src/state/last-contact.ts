import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UnixMillis } from "@tcm/core";

/** When this node last heard its control plane: how stale is what it serves. For people; nothing is decided by it. */
export class LastContact {
  readonly #file: string;
  readonly #intervalMs: number;
  #noted: UnixMillis | undefined;

  constructor(directory: string, intervalMs: number) {
    this.#file = join(directory, "last-contact");
    this.#intervalMs = intervalMs;
  }

  /** Undefined: never, or not known. */
  read(): UnixMillis | undefined {
    try {
      const at = Number(readFileSync(this.#file, "utf8"));
      return Number.isSafeInteger(at) && at > 0 ? at : undefined;
    } catch {
      return undefined;
    }
  }

  /** Written now and then, without a sync, and never in the way of anything: a disk that refuses it changes nothing. */
  note(now: UnixMillis): void {
    if (this.#noted !== undefined && now - this.#noted < this.#intervalMs) return;
    this.#noted = now;
    try {
      writeFileSync(this.#file, String(now), { mode: 0o600 });
    } catch {
      this.#noted = undefined;
    }
  }
}
