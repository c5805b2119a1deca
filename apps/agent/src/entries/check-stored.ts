import { checkAnnouncement, type SignedManifestEntry } from "@tcm/core";
import { type AgentLog, logged } from "../agent-log.ts";
import type { StoredEntry } from "../state/stored-entry.ts";
import type { NodeJudgement } from "./node-manifest.ts";
import { readAnnounced } from "./read-announced.ts";

/**
 * Judges what the disk holds as if it were announced: the disk is not trusted. A half that fails is dropped with a line in the log;
 * undefined when nothing is left, and then the entry is served again when it is announced again.
 */
export function checkStored(stored: StoredEntry, judgement: NodeJudgement, log: AgentLog): StoredEntry | undefined {
  const isGood = (part: string, signed: SignedManifestEntry): boolean => {
    const problem = problemOf(signed, judgement);
    if (problem === undefined) return true;
    const entryId = logged(signed.entry.entryId);
    log.error(
      { entryId, part, code: problem.code, detail: logged(problem.detail) },
      "a stored entry is not what was signed for this node: it is not served until it is announced again",
    );
    return false;
  };
  const { latest } = stored;
  const served = stored.served !== null && isGood("served", stored.served.signed) ? stored.served : null;
  if (isGood("latest", latest))
    return sameEntry(latest, served?.signed) ? { ...stored, served } : { ...stored, served: null };
  if (served === null) return undefined;
  const { entryId, generation, digest } = served.signed.entry;
  return { latest: served.signed, report: { entryId, generation, digest, state: "applied" }, served };
}

function problemOf(signed: SignedManifestEntry, judgement: NodeJudgement) {
  const read = readAnnounced(signed);
  if (!read.ok) return { code: "entry-malformed", detail: read.detail };
  const decision = checkAnnouncement(signed, { ...judgement, held: undefined });
  return decision.take === "reject" ? decision.rejection : undefined;
}

function sameEntry({ entry }: SignedManifestEntry, other: SignedManifestEntry | undefined): boolean {
  return other === undefined || other.entry.entryId === entry.entryId;
}
