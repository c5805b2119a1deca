import type { Certificate } from "@tcm/core";
import type { TrustChange } from "./trust-file-driver.ts";
import type { TrustFile } from "./trust-file.ts";

type Pending = {
  readonly latest: TrustFile;
  /** The anchors when the file was last proved, and every one that was in it since. */
  readonly proved: readonly Certificate[];
  readonly seen: readonly Certificate[];
  readonly mayRemoveTrust: boolean;
};

/** What became of each file since it was last proved: two changes in a row are proved as one. */
export class PendingChanges {
  readonly #pending = new Map<string, Pending>();

  /** `mayRemoveTrust`: what was in the file before is not known. */
  record(latest: TrustFile, before: readonly Certificate[], mayRemoveTrust: boolean): void {
    const earlier = this.#pending.get(latest.path);
    this.#pending.set(latest.path, {
      latest,
      proved: earlier?.proved ?? before,
      seen: [...(earlier?.seen ?? []), ...before],
      mayRemoveTrust: mayRemoveTrust || earlier?.mayRemoveTrust === true,
    });
  }

  of(file: TrustFile): TrustChange {
    const { proved, seen, mayRemoveTrust } = this.#pending.get(file.path) ?? unchanged(file);
    const removed = without(seen, file.anchors);
    const removesTrust = mayRemoveTrust || removed.length > 0;
    return { file, added: without(file.anchors, proved), removed, removesTrust };
  }

  /** Forgets what was proved, unless another change has come in between. */
  proved(file: TrustFile): void {
    if (this.#pending.get(file.path)?.latest === file) this.#pending.delete(file.path);
  }
}

function unchanged(file: TrustFile): Pending {
  return { latest: file, proved: file.anchors, seen: [], mayRemoveTrust: false };
}

/** Each once, those of `others` not. */
function without(certificates: readonly Certificate[], others: readonly Certificate[]): readonly Certificate[] {
  const gone = new Set(others.map(({ fingerprint }) => fingerprint));
  const kept = new Map(certificates.map((certificate) => [certificate.fingerprint, certificate]));
  return [...kept.values()].filter(({ fingerprint }) => !gone.has(fingerprint));
}
