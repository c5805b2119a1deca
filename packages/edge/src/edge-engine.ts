import type { CaSetContent, Certificate, EdgeCertificateContent, EntryId, Generation, Network } from "@tcm/core";

/**
 * A proxy, or the built-in edge, as the agent drives it. The agent has checked signature, network, generation, digest
 * and every certificate before it calls; the engine only serves and proves. Calls for one entry never overlap.
 */
export interface EdgeEngine {
  readonly description: EngineDescription;
  /**
   * Serves exactly `change.next` for the entry, or nothing when it is null. All or nothing: after a refusal the engine
   * serves what it served before. Idempotent for the same generation.
   */
  apply(change: EntryChange): Promise<EngineOutcome>;
  /**
   * Proves that what was applied is what is served. For a change that removes trust it resolves only when resumption is
   * impossible and every live connection was checked again and those no longer accepted are closed. `unprovable`: what
   * was applied stays so, and this engine, or its configuration, can never show more; the detail says what is in the way.
   */
  verify(change: EntryChange): Promise<EngineOutcome>;
  close(): Promise<void>;
}

export type EngineDescription = {
  readonly engine: "built-in" | "memory" | "haproxy" | "nginx";
  readonly version: string;
  readonly network: Network;
  /** The highest level this engine can prove; percentComplete counts nodes that reached it. */
  readonly highestLevel: "applied" | "verified";
  /** Entries whose CAs its own listeners name to clients, whatever edge certificates say; `every`: it may be any. */
  readonly sendsCaNames?: readonly EntryId[] | "every";
};

export type EntryChange = {
  readonly entryId: EntryId;
  readonly generation: Generation;
  /** What the engine serves for the entry now; null when nothing. */
  readonly previous: EngineContent | null;
  readonly next: EngineContent | null;
};

/** Entry content with its certificates at hand, parsed. */
export type EngineContent =
  | { readonly kind: "ca-set"; readonly caSet: CaSetContent; readonly anchors: readonly Certificate[] }
  | { readonly kind: "edge-certificate"; readonly edgeCertificate: EdgeCertificateContent };

export type EngineOutcome =
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly code: EngineRefusalCode; readonly detail: string };

/**
 * `engine-away`: it is not there to be asked. `disk-write-failed`: its files could not be written. Either way what was served
 * stays, and asking later may help.
 */
export type EngineRefusalCode = "engine-refused" | "engine-away" | "disk-write-failed" | "proof-failed" | "unprovable";
