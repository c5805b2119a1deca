import type { EntryReport } from "@tcm/api-contract";
import type { Generation, ManifestEntry } from "@tcm/core";
import { compareGenerations } from "@tcm/core";

/** Which of the entries that a node was told it has neither applied nor rejected yet. */
export class Unanswered {
  readonly #entries = new Map<string, Generation>();

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  told(entries: readonly ManifestEntry[]): void {
    for (const { entryId, generation } of entries) this.#entries.set(entryId, generation);
  }

  /** True: it was the last one that was waited for. Proofs may take as long as connections from before a removal. */
  report({ entryId, generation, state }: EntryReport): boolean {
    const awaited = this.#entries.get(entryId);
    if (awaited === undefined || state === "delivered" || compareGenerations(generation, awaited) < 0) return false;
    this.#entries.delete(entryId);
    return this.isEmpty;
  }
}
