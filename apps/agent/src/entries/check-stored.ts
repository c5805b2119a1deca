import type { EntryReport } from "@tcm/api-contract";
import { checkAnnouncement, compareGenerations, type SignedManifestEntry } from "@tcm/core";
import { type AgentLog, logged } from "../agent-log.ts";
import type { StoredEntry } from "../state/stored-entry.ts";
import type { NodeJudgement } from "./node-manifest.ts";
import { readAnnounced } from "./read-announced.ts";
import { maxApplyAttempts, reached, rejected } from "./rejection.ts";

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
  const served = stored.served !== null && isGood("served", stored.served.signed) ? stored.served : null;
  const latest = isGood("latest", stored.latest) ? stored.latest : undefined;
  return newestOf({ ...stored, served }, latest);
}

/** The higher generation counts as the latest, whichever place it stood in; what is said of it only when it is a refusal. */
function newestOf(
  { served, report, attempts }: StoredEntry,
  latest: SignedManifestEntry | undefined,
): StoredEntry | undefined {
  const newest = newer(latest, served?.signed);
  if (newest === undefined) return undefined;
  const isServedOfIt = served?.signed.entry.entryId === newest.entry.entryId;
  return {
    latest: newest,
    report: newest === latest ? reportOf(newest, report, attempts) : reached(newest.entry, "delivered"),
    served: isServedOfIt ? served : null,
    attempts,
  };
}

/** An engine that takes the process with it must not do so at every start: the last good content would never be served for long. */
function reportOf({ entry }: SignedManifestEntry, report: EntryReport, attempts: number): EntryReport {
  if (report.state === "rejected" && compareGenerations(report.generation, entry.generation) === 0) return report;
  if (attempts < maxApplyAttempts) return reached(entry, "delivered");
  const detail = `The agent ended ${attempts} times while its engine was taking this.`;
  return rejected(entry, { code: "engine-refused", detail });
}

function newer(
  a: SignedManifestEntry | undefined,
  b: SignedManifestEntry | undefined,
): SignedManifestEntry | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const isSameEntry = a.entry.entryId === b.entry.entryId;
  return isSameEntry && compareGenerations(b.entry.generation, a.entry.generation) > 0 ? b : a;
}

function problemOf(signed: SignedManifestEntry, judgement: NodeJudgement) {
  const read = readAnnounced(signed);
  if (!read.ok) return { code: "entry-malformed", detail: read.detail };
  const decision = checkAnnouncement(signed, { ...judgement, held: undefined });
  return decision.take === "reject" ? decision.rejection : undefined;
}
