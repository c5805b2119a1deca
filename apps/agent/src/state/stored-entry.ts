import { type EntryReport, nodeMessage, signedManifestEntry } from "@tcm/api-contract";
import type { EntryId, SignedManifestEntry, UnixMillis } from "@tcm/core";

/**
 * What a node keeps of one entry. Both halves carry the control plane's signature, so that the disk can lose things and
 * cannot invent them.
 */
export type StoredEntry = {
  /** Of the highest generation ever taken, rejected ones included: nothing older comes back. */
  readonly latest: SignedManifestEntry;
  /** How far `latest` came: delivered, applied or rejected. A proof belongs to the process that made it and is made again. */
  readonly report: EntryReport;
  /** The last good one: what the engine took last, and serves after a restart. */
  readonly served: { readonly signed: SignedManifestEntry; readonly at: UnixMillis } | null;
  /** How many processes began to give `latest` to the engine, without it being known how that ended. */
  readonly attempts: number;
};

/** `ca-set/7` is kept in `ca-set-7.json`. */
export function fileNameOf(entryId: EntryId): string {
  return `${entryId.replace("/", "-")}.json`;
}

export function renderStoredEntry({ latest, report, served, attempts }: StoredEntry): string {
  return `${JSON.stringify({ format: 1, latest, report, served, attempts })}\n`;
}

/** The shape alone is checked here; a string says what is wrong with it. */
export function parseStoredEntry(text: string): StoredEntry | string {
  const value = parseObject(text);
  if (value === undefined || value["format"] !== 1) return "not a stored entry";
  const latest = signedManifestEntry.safeParse(value["latest"]);
  const message = nodeMessage.safeParse({ type: "report", report: value["report"] });
  const served = parseServed(value["served"]);
  if (!latest.success || !message.success || message.data.type !== "report" || served === undefined) {
    return "not a complete stored entry";
  }
  const attempts = Number(value["attempts"]) || 0;
  return { latest: latest.data, report: message.data.report, served, attempts };
}

function parseServed(value: unknown): StoredEntry["served"] | undefined {
  if (value === null) return null;
  if (typeof value !== "object" || value === undefined) return undefined;
  const { signed, at } = value as { readonly signed?: unknown; readonly at?: unknown };
  const parsed = signedManifestEntry.safeParse(signed);
  return parsed.success && typeof at === "number" ? { signed: parsed.data, at } : undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
