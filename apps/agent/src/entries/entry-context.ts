import type { EntryReport } from "@tcm/api-contract";
import type { EntryId, UnixMillis } from "@tcm/core";
import type { EdgeEngine } from "@tcm/edge";
import type { AgentLog } from "../agent-log.ts";
import type { AgentTiming } from "../agent-timing.ts";
import type { EntryStore } from "../state/entry-store.ts";
import type { Limiter } from "./limiter.ts";
import type { CertificateSource } from "./obtain-content.ts";

/** What all entries of a node work with. */
export type EntryContext = CertificateSource & {
  readonly engine: EdgeEngine;
  readonly entries: EntryStore;
  readonly limiter: Limiter;
  readonly timing: AgentTiming;
  readonly clock: () => UnixMillis;
  readonly random: () => number;
  readonly log: AgentLog;
  readonly onReport: (report: EntryReport) => void;
  /** The engine serves something else than before for this entry, and it is on disk. */
  readonly onServedChange: (entryId: EntryId) => void;
};
