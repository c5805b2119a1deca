import type { EntryReport } from "@tcm/api-contract";
import { type AnnouncementContext, checkAnnouncement, type EntryId, type SignedManifestEntry } from "@tcm/core";
import { logged } from "../agent-log.ts";
import { words } from "../start-error.ts";
import type { StoredEntry } from "../state/stored-entry.ts";
import type { EntryContext } from "./entry-context.ts";
import { KeptEntry } from "./kept-entry.ts";
import { readAnnounced } from "./read-announced.ts";
import { rejected } from "./rejection.ts";

/** What this node judges announcements by, beside what it holds of the entry. */
export type NodeJudgement = Omit<AnnouncementContext, "held">;

export type NodeManifestOptions = Omit<EntryContext, "onServedChange"> & {
  readonly judgement: NodeJudgement;
  /** Entries with content; withdrawn ones are kept beside them for their generation alone. */
  readonly maxEntries: number;
};

/** All entries of this node. Whatever is announced, each stands and falls on its own. */
export class NodeManifest {
  readonly #options: NodeManifestOptions;
  readonly #context: EntryContext;
  readonly #entries = new Map<EntryId, KeptEntry>();
  #announced = new Set<EntryId>();

  constructor(options: NodeManifestOptions, stored: readonly StoredEntry[]) {
    this.#options = options;
    this.#context = { ...options, onServedChange: (entryId) => this.#servedChanged(entryId) };
    for (const entry of stored) {
      this.#entries.set(entry.latest.entry.entryId, new KeptEntry(this.#context, entry.latest, entry));
    }
  }

  /** Brings the last good content of every entry into service; sets first, since edge certificates name them. */
  async restore(): Promise<void> {
    const entries = [...this.#entries].sort(([a], [b]) => rank(a) - rank(b));
    for (const [, entry] of entries) await entry.restore();
  }

  /** After `restore`, and when clients can already be served. */
  resume(): void {
    for (const entry of this.#entries.values()) entry.resume();
  }

  /** The account of all entries for a `hello`: those with content first. */
  reports(): readonly EntryReport[] {
    const entries = [...this.#entries.values()].sort((a, b) => Number(isWithdrawn(a)) - Number(isWithdrawn(b)));
    return entries.flatMap(({ report }) => report ?? []);
  }

  sessionBegins(): void {
    this.#announced = new Set();
  }

  /** Desired state, as often as it likes; `complete` when all entries of the network have been announced in this session. */
  announce(entries: readonly unknown[], complete: boolean): void {
    for (const entry of entries) this.#announceOne(entry);
    if (complete) this.#noteUnannounced();
  }

  close(): void {
    for (const entry of this.#entries.values()) entry.close();
  }

  #announceOne(value: unknown): void {
    const read = readAnnounced(value);
    if (!read.ok) return this.#turnDown(read.report, "entry-malformed", read.detail);
    const { signed } = read;
    const { entryId } = signed.entry;
    this.#announced.add(entryId);
    const kept = this.#entries.get(entryId);
    const decision = checkAnnouncement(signed, { ...this.#options.judgement, held: kept?.latest.entry });
    if (decision.take === "ignore") return kept?.repeat();
    if (decision.take === "reject") {
      const { code, detail } = decision.rejection;
      return this.#turnDown(rejected(signed.entry, decision.rejection), code, detail);
    }
    if (kept !== undefined) return kept.take(signed);
    this.#admit(signed);
  }

  #admit(signed: SignedManifestEntry): void {
    const { maxEntries } = this.#options;
    const held = [...this.#entries.values()].filter((entry) => !isWithdrawn(entry)).length;
    if (signed.entry.content !== null && held >= maxEntries) {
      const rejection = { code: "limit-exceeded", detail: `This node takes ${maxEntries} entries.` } as const;
      return this.#turnDown(rejected(signed.entry, rejection), rejection.code, rejection.detail);
    }
    const entry = new KeptEntry(this.#context, signed);
    this.#entries.set(signed.entry.entryId, entry);
    entry.again();
  }

  /** Said and forgotten: what was never taken leaves no trace, or a stranger could fill this node's memory. */
  #turnDown(report: EntryReport | undefined, code: string, detail: string): void {
    const entryId = report?.entryId ?? "unknown";
    this.#context.log.warn({ entryId, code, detail: logged(detail) }, "announcement turned down");
    if (report !== undefined) this.#context.onReport(report);
  }

  /** Trust ends by a signed withdrawal and not by silence. */
  #noteUnannounced(): void {
    const unannounced = [...this.#entries].filter(([id, entry]) => !isWithdrawn(entry) && !this.#announced.has(id));
    if (unannounced.length === 0) return;
    const entryIds = unannounced.slice(0, 20).map(([id]) => id);
    this.#context.log.warn({ entryIds, count: unannounced.length }, "entries were not announced and stay in service");
  }

  #servedChanged(changed: EntryId): void {
    for (const [entryId, entry] of this.#entries) if (entryId !== changed) entry.reconsider();
    const { certificates, log } = this.#context;
    const named = () => new Set([...this.#entries.values()].flatMap((entry) => entry.namedCertificates));
    certificates.prune(named).catch((error: unknown) => {
      log.warn({ reason: logged(words(error)) }, "certificates that nothing names could not be removed");
    });
  }
}

function rank(entryId: EntryId): number {
  return entryId.startsWith("ca-set/") ? 0 : 1;
}

function isWithdrawn({ latest }: KeptEntry): boolean {
  return latest.entry.content === null;
}
