import type { EntryReport } from "@tcm/api-contract";
import { announcementLines } from "./announcement-lines.ts";
import type { CachedEntry, ManifestCache, ManifestReader } from "./manifest-cache.ts";
import { Unanswered } from "./unanswered.ts";

/** What one node has yet to be told of its manifest, and to answer, in one session. */
export class NodeNews {
  readonly #node: ManifestReader;
  readonly #manifest: ManifestCache;
  readonly #unanswered = new Unanswered();
  #toldUpTo = 0;
  #signedBy: string | undefined;
  #wasToldAll = false;

  constructor(node: ManifestReader, manifest: ManifestCache) {
    this.#node = node;
    this.#manifest = manifest;
  }

  get isAny(): boolean {
    return !this.#wasToldAll || this.#isUnderAnotherKey() || this.#entries().length > 0;
  }

  /** The node has applied or rejected all that it was told. */
  get isAnswered(): boolean {
    return this.#unanswered.isEmpty;
  }

  /** The lines that tell it all; they count as told from here on. */
  take(): readonly string[] {
    const successors = this.#takeKey();
    const entries = this.#entries();
    if (entries.length === 0 && this.#wasToldAll) return successors;
    const lines = announcementLines(this.#node.nodeId, entries, this.#manifest, !this.#wasToldAll);
    this.#toldUpTo = entries.at(-1)?.entry.generation.number ?? this.#toldUpTo;
    this.#unanswered.told(entries.map(({ entry }) => entry));
    this.#wasToldAll = true;
    return [...successors, ...lines];
  }

  /** True: it answers the last that was waited for. */
  report(report: EntryReport): boolean {
    return this.#unanswered.report(report);
  }

  /** The key that signs now comes before anything that it signed; then everything is said once more under it. */
  #takeKey(): readonly string[] {
    if (!this.#isUnderAnotherKey()) return [];
    this.#signedBy = this.#manifest.keyId(this.#node.network);
    this.#toldUpTo = 0;
    const line = this.#manifest.successorsLine(this.#node.network);
    return line === undefined ? [] : [line];
  }

  #isUnderAnotherKey(): boolean {
    return this.#manifest.keyId(this.#node.network) !== this.#signedBy;
  }

  #entries(): readonly CachedEntry[] {
    return this.#manifest.entriesAfter(this.#node, this.#toldUpTo);
  }
}
