import type { EntryReport } from "@tcm/api-contract";
import type { ManifestEntry, NodeRejection, NodeRejectionCode } from "@tcm/core";

/**
 * Rejections of something that may be otherwise next time: tried again after a while, and when the entry is announced again. The
 * others are about the content itself and stay for this generation and digest.
 */
const passing: ReadonlySet<string> = new Set<NodeRejectionCode>([
  "certificate-unavailable",
  "certificate-digest-mismatch",
  "disk-write-failed",
  "proof-failed",
]);

export function mayPass({ rejection }: EntryReport): boolean {
  return rejection !== undefined && passing.has(rejection.code);
}

/** After so many processes that ended while the engine was taking a content, it is not offered again. */
export const maxApplyAttempts = 3;

/** As long as the protocol allows. */
const maxDetail = 2_000;

export function rejected(
  entry: Pick<ManifestEntry, "entryId" | "generation" | "digest">,
  { code, detail }: NodeRejection,
): EntryReport {
  const { entryId, generation, digest } = entry;
  return { entryId, generation, digest, state: "rejected", rejection: { code, detail: detail.slice(0, maxDetail) } };
}

export function reached(
  entry: Pick<ManifestEntry, "entryId" | "generation" | "digest">,
  state: "delivered" | "applied" | "verified",
  detail?: string,
): EntryReport {
  const { entryId, generation, digest } = entry;
  const report = { entryId, generation, digest, state };
  return detail === undefined ? report : { ...report, detail: detail.slice(0, maxDetail) };
}

export function notStored(problem: string, consequence: string): NodeRejection {
  return { code: "disk-write-failed", detail: `The entry could not be stored: ${problem}. ${consequence}` };
}
