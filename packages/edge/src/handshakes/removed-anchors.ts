import { type AnchorIndex, buildAnchorIndex, type EntryId, type Generation } from "@tcm/core";
import type { EngineContent, EntryChange } from "../edge-engine.ts";

/** What the served generation of a set took away. `index` is empty after a change that removed nothing. */
export type SetChange = { readonly generation: Generation; readonly removed: AnchorIndex };

/**
 * By set, the generation that is served and the anchors that the one before had and this one has not. A process that starts knows of
 * nothing before: what an earlier one removed is refused like anything else.
 */
export class RemovedAnchors {
  readonly #changes = new Map<string, SetChange>();

  /** After the engine has taken the change. The same generation once more removes nothing, and forgets nothing. */
  note({ entryId, generation, previous, next }: EntryChange): void {
    const caSetId = caSetIdOf(entryId);
    if (caSetId === undefined) return;
    const known = this.#changes.get(caSetId)?.generation;
    if (known?.epoch === generation.epoch && known.number === generation.number) return;
    const kept = new Set(anchorsOf(next).map(({ fingerprint }) => fingerprint));
    const removed = anchorsOf(previous).filter(({ fingerprint }) => !kept.has(fingerprint));
    this.#changes.set(caSetId, { generation, removed: buildAnchorIndex(removed) });
  }

  of(caSetId: string): SetChange | undefined {
    return this.#changes.get(caSetId);
  }
}

function anchorsOf(content: EngineContent | null) {
  return content?.kind === "ca-set" ? content.anchors : [];
}

function caSetIdOf(entryId: EntryId): string | undefined {
  return /^ca-set\/([1-9]\d*)$/.exec(entryId)?.[1];
}
