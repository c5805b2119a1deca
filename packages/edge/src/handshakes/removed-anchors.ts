import { type AnchorIndex, buildAnchorIndex, type EntryId, type Generation } from "@tcm/core";
import type { EngineContent, EntryChange } from "../edge-engine.ts";

/** What the served generation of a set took away. `removed` is empty after a change that removed nothing. */
export type SetChange = { readonly generation: Generation; readonly removed: AnchorIndex };

/**
 * By set, the generation that is served and the anchors that the version before had and this one has not. A process that starts knows of
 * nothing before: what an earlier one removed is refused like anything else.
 */
export class RemovedAnchors {
  readonly #changes = new Map<string, SetChange>();

  /**
   * After the engine has taken the change. The same generation once more, or the same version as another one, removes nothing and forgets
   * nothing: a node that went first is told the version anew with the rest, and when the deployment is tried again.
   */
  note({ entryId, generation, previous, next }: EntryChange): void {
    const caSetId = caSetIdOf(entryId);
    if (caSetId === undefined) return;
    const known = this.#changes.get(caSetId);
    if (known?.generation.epoch === generation.epoch && known.generation.number === generation.number) return;
    if (known !== undefined && isSameVersion(previous, next))
      return void this.#changes.set(caSetId, { generation, removed: known.removed });
    const kept = new Set(anchorsOf(next).map(({ fingerprint }) => fingerprint));
    const removed = anchorsOf(previous).filter(({ fingerprint }) => !kept.has(fingerprint));
    this.#changes.set(caSetId, { generation, removed: buildAnchorIndex(removed) });
  }

  of(caSetId: string): SetChange | undefined {
    return this.#changes.get(caSetId);
  }
}

/** A version that was ever deployed never changes. */
function isSameVersion(previous: EngineContent | null, next: EngineContent | null): boolean {
  return previous?.kind === "ca-set" && next?.kind === "ca-set" && previous.caSet.version === next.caSet.version;
}

function anchorsOf(content: EngineContent | null) {
  return content?.kind === "ca-set" ? content.anchors : [];
}

function caSetIdOf(entryId: EntryId): string | undefined {
  return /^ca-set\/([1-9]\d*)$/.exec(entryId)?.[1];
}
