import { type EntryReport, nodeMessage, signedManifestEntry } from "@tcm/api-contract";
import type { EntryContent, SignedManifestEntry } from "@tcm/core";
import { rejected } from "./rejection.ts";

export type ReadAnnounced =
  | { readonly ok: true; readonly signed: SignedManifestEntry }
  /** `report` is there when the entry can at least be named. */
  | { readonly ok: false; readonly detail: string; readonly report: EntryReport | undefined };

/** The shape of one announced entry. Each is read on its own, so that a malformed one does not take the others with it. */
export function readAnnounced(value: unknown): ReadAnnounced {
  const parsed = signedManifestEntry.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return malformed(value, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not an entry"}`);
  }
  const problem = orderProblem(parsed.data.entry.content);
  return problem === undefined ? { ok: true, signed: parsed.data } : malformed(value, problem);
}

/** One content has one form, and one digest. */
function orderProblem(content: EntryContent | null): string | undefined {
  if (content?.kind !== "ca-set") return undefined;
  const { fingerprints } = content;
  const isRising = fingerprints.every((fingerprint, i) => i === 0 || (fingerprints[i - 1] ?? "") < fingerprint);
  return isRising ? undefined : "entry.content.fingerprints: not in rising order without repeats";
}

function malformed(value: unknown, detail: string): ReadAnnounced {
  const { entry } = (value ?? {}) as { readonly entry?: unknown };
  const { entryId, generation, digest } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const claimed = { entryId, generation, digest } as Parameters<typeof rejected>[0];
  const report = rejected(claimed, { code: "entry-malformed", detail });
  const message = nodeMessage.safeParse({ type: "report", report });
  return { ok: false, detail, report: message.success ? report : undefined };
}
