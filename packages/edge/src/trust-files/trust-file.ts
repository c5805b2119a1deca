import { join } from "node:path";
import type { Certificate, EntryId } from "@tcm/core";
import type { ServedState } from "../served/served-state.ts";
import { renderTrustPem } from "./render-trust-pem.ts";

/** One file of anchors that a listener trusts. Never empty: where nobody is to be trusted, the placeholder is its anchor. */
export type TrustFile = {
  readonly entryId: EntryId;
  /** Absolute. */
  readonly path: string;
  readonly anchors: readonly Certificate[];
  readonly pem: string;
};

/**
 * Where a listener finds the anchors of an entry: `ca-set-7.pem` holds set 7, `edge-certificate-3.pem` the set that edge
 * certificate 3 is bound to, so that binding and unbinding reach a listener without a change of its configuration.
 */
export function trustFilePath(directory: string, entryId: EntryId): string {
  return join(directory, `${entryId.replace("/", "-")}.pem`);
}

/** Entry ids become file names: nothing else may be in them. */
export function isFileEntryId(entryId: EntryId): boolean {
  return /^(?:ca-set|edge-certificate)\/[0-9A-Za-z_-]{1,64}$/.test(entryId);
}

/** The anchors of an entry in this state; none for one that is not served, or whose set is not. */
export function anchorsOf(state: ServedState, entryId: EntryId): readonly Certificate[] {
  const caSetId = state.edgeCertificates.get(entryId)?.caSetId ?? caSetIdOf(entryId);
  const set = caSetId === undefined ? undefined : state.sets.get(caSetId);
  return set === undefined ? [] : [...set.index.byFingerprint.values()];
}

/** The entries whose files a change of this entry reaches: itself, and the edge certificates that are bound to a set. */
export function entriesReached(state: ServedState, entryId: EntryId): readonly EntryId[] {
  const caSetId = caSetIdOf(entryId);
  const bound = [...state.edgeCertificates].filter(([, content]) => content.caSetId === caSetId);
  return [entryId, ...bound.map(([id]) => id)];
}

export function trustFile(
  directory: string,
  entryId: EntryId,
  anchors: readonly Certificate[],
  denyAll: Certificate,
): TrustFile {
  const trusted = anchors.length === 0 ? [denyAll] : anchors;
  return { entryId, path: trustFilePath(directory, entryId), anchors: trusted, pem: renderTrustPem(trusted) };
}

function caSetIdOf(entryId: EntryId): string | undefined {
  return entryId.startsWith("ca-set/") ? entryId.slice("ca-set/".length) : undefined;
}
