import type { Certificate, EntryId } from "@tcm/core";
import type { EngineDescription, EngineOutcome } from "../edge-engine.ts";
import { EngineAway } from "./engine-away.ts";
import type { EngineFinding } from "./engine-finding.ts";
import type { TrustFile } from "./trust-file.ts";
import { wordsOf } from "./words-of.ts";

/** How one kind of proxy takes trust files and shows what it does with them. */
export type TrustFileDriver = {
  readonly description: Omit<EngineDescription, "network">;
  /** What its configuration left open when it was opened. */
  readonly findings: readonly EngineFinding[];
  /** Serves the files to every new connection. All or nothing; after a refusal files and engine are as before. */
  install(files: readonly TrustFile[]): Promise<EngineOutcome>;
  /** Proves, for each file, that its anchors are what listeners trust, and that nothing is left of what was removed. */
  prove(changes: readonly TrustChange[]): Promise<EngineOutcome>;
};

/** A file as it is now, and what became of its anchors since it was last proved. */
export type TrustChange = {
  readonly file: TrustFile;
  readonly added: readonly Certificate[];
  readonly removed: readonly Certificate[];
  /** True also where trust may have been removed without its being known what: a file of an earlier process. */
  readonly removesTrust: boolean;
};

/** A listener of the operator's, as a client reaches it, and the entry whose file it trusts. */
export type EngineListener = {
  readonly entryId: EntryId;
  readonly host: string;
  readonly port: number;
  /** Sent as SNI and Host. */
  readonly serverName: string;
  /** It tells clients the names of its CAs. */
  readonly sendsCaNames?: boolean;
};

export type EngineRefusal = Extract<EngineOutcome, { readonly ok: false }>;

export function refused(detail: string): EngineRefusal {
  return { ok: false, code: "engine-refused", detail };
}

/** The words of an error in an application, and whether it was the engine that refused. */
export function notInstalled(error: unknown): EngineOutcome {
  const code =
    error instanceof EngineAway ? "engine-away" : isDiskError(error) ? "disk-write-failed" : "engine-refused";
  return { ok: false, code, detail: wordsOf(error) };
}

/** The words of an error in a proof. An engine that is away has shown nothing, of either. */
export function notProved(error: unknown): EngineOutcome {
  return error instanceof EngineAway
    ? { ok: false, code: "engine-away", detail: error.message }
    : unproved(wordsOf(error));
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && /^(?:open|write|fsync|rename)$/.test(String(error.syscall));
}

export function unproved(detail: string): EngineOutcome {
  return { ok: false, code: "proof-failed", detail };
}

/** What this engine, or this configuration of it, can never show. What was applied stays applied. */
export function unprovable(detail: string): EngineOutcome {
  return { ok: false, code: "unprovable", detail };
}
