import { type Certificate, type CryptoPort, caListBytes, type EntryId, maxCaListBytes } from "@tcm/core";
import type { EngineDescription, EntryChange } from "../edge-engine.ts";
import { planState, type ServedState } from "../served/served-state.ts";
import { opensslProblem } from "./openssl-problem.ts";
import { type EngineRefusal, refused } from "./trust-file-driver.ts";
import { anchorsOf, entriesReached, isFileEntryId, type TrustFile, trustFile } from "./trust-file.ts";

/** What is the same for every change of one engine. */
export type FilePlanning = {
  readonly crypto: CryptoPort;
  readonly directory: string;
  readonly denyAll: Certificate;
  readonly sendsCaNames: NonNullable<EngineDescription["sendsCaNames"]>;
};

export type FilePlan =
  | { readonly ok: true; readonly state: ServedState; readonly files: readonly TrustFile[] }
  | EngineRefusal;

/** The state to which a change leads, and the files that it reaches. Refused is what the proxy could not serve, before it is asked. */
export function planFiles(state: ServedState, change: EntryChange, planning: FilePlanning): FilePlan {
  const { entryId, previous, next } = change;
  const { crypto, directory, denyAll, sendsCaNames } = planning;
  if (!isFileEntryId(entryId)) return refused(`${JSON.stringify(entryId)} cannot be the name of a file`);
  const plan = planState(state, entryId, previous, next, crypto);
  if (!plan.ok) return refused(plan.detail);
  if (next?.kind === "edge-certificate" && next.edgeCertificate.mode === "observe")
    return refused("observe is not served: whether a certificate is required stands in the listener's configuration");
  const files = entriesReached(plan.state, entryId).map((id) =>
    trustFile(directory, id, anchorsOf(plan.state, id), denyAll),
  );
  return refuseUnserved(files, sendsCaNames) ?? { ok: true, state: plan.state, files };
}

function refuseUnserved(
  files: readonly TrustFile[],
  sendsCaNames: FilePlanning["sendsCaNames"],
): EngineRefusal | undefined {
  // One by one: a single anchor that OpenSSL cannot read would keep all of them, and other sets, from being served.
  const unreadable = firstProblem(files.flatMap(({ anchors }) => anchors));
  if (unreadable !== undefined) return refused(unreadable);
  const tooLong = files.find(({ entryId, anchors }) => isSent(sendsCaNames, entryId) && isTooLong(anchors));
  return tooLong && refused(`the CA names of ${tooLong.path} are too long for any handshake`);
}

function firstProblem(anchors: readonly Certificate[]): string | undefined {
  for (const anchor of anchors) {
    const problem = opensslProblem(anchor);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isSent(sendsCaNames: FilePlanning["sendsCaNames"], entryId: EntryId): boolean {
  return sendsCaNames === "every" || sendsCaNames.includes(entryId);
}

function isTooLong(anchors: readonly Certificate[]): boolean {
  return caListBytes(anchors) > maxCaListBytes;
}
