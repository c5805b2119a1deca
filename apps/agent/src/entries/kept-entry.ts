import type { EntryReport } from "@tcm/api-contract";
import { compareGenerations, type Generation, type NodeRejection, type SignedManifestEntry } from "@tcm/core";
import type { EngineContent, EngineOutcome, EngineRefusalCode, EntryChange } from "@tcm/edge";
import { logged } from "../agent-log.ts";
import { backoffMs } from "../agent-timing.ts";
import { words } from "../start-error.ts";
import type { StoredEntry } from "../state/stored-entry.ts";
import { askEngine } from "./ask-engine.ts";
import { clockDoubt } from "./clock-doubt.ts";
import type { EntryContext } from "./entry-context.ts";
import { contentAtHand, obtainContent } from "./obtain-content.ts";
import { maxApplyAttempts, mayPass, notStored, reached, rejected } from "./rejection.ts";

/**
 * One entry of the manifest on this node, and the work on it: one step at a time, always towards the newest generation taken.
 * A newer one passes over those that the engine was not yet given. After a refusal the last good content stays in service.
 *
 * What the engine took is the last good content, proved or not: putting the former content back after a failed proof, here or
 * after a restart, could trust again what was to be distrusted. The report says `proof-failed` until a proof succeeds.
 */
export class KeptEntry {
  readonly #context: EntryContext;
  #latest: SignedManifestEntry;
  #report: EntryReport | undefined;
  #served: StoredEntry["served"];
  /** The change that the engine took last, in this process. */
  #applied: EntryChange | undefined;
  /** What the engine said when it took it. */
  #appliedDetail: string | undefined;
  #isApplicationStored = false;
  #isDue = false;
  #isWorking = false;
  #isClosed = false;
  #failures = 0;
  /** Of this process and those before it, for the latest generation. */
  #attempts: number;
  #retryTimer: NodeJS.Timeout | undefined;

  /** `stored` is what the disk holds of it, checked; undefined for an entry that is new here. */
  constructor(context: EntryContext, latest: SignedManifestEntry, stored?: StoredEntry) {
    this.#context = context;
    this.#latest = latest;
    this.#report = stored?.report;
    this.#served = stored?.served ?? null;
    this.#attempts = stored?.attempts ?? 0;
  }

  /** The last thing said of the entry; undefined before the first. */
  get report(): EntryReport | undefined {
    return this.#report;
  }

  get latest(): SignedManifestEntry {
    return this.#latest;
  }

  /** SHA-256 of the certificates that it serves or is to serve. */
  get namedCertificates(): readonly string[] {
    return [this.#latest, this.#served?.signed].flatMap((signed) => {
      const content = signed?.entry.content;
      return content?.kind === "ca-set" ? content.fingerprints : [];
    });
  }

  /** Gives the engine the last good content, as read from disk. To be called once, before anything else. */
  async restore(): Promise<void> {
    if (this.#served === null) return;
    const { signed, at } = this.#served;
    const { entryId, generation, content: named } = signed.entry;
    const content = contentAtHand(named, this.#context.certificates);
    if (content === undefined) return this.#lose("certificate-unavailable", "its certificates are not on disk");
    const outcome = await this.#give({ entryId, generation, previous: null, next: content });
    if (!outcome.ok && outcome.code === "engine-away") return this.#missEngine(outcome.detail);
    if (!outcome.ok) return this.#lose("engine-refused", outcome.detail);
    this.#isApplicationStored = true;
    const fields = { entryId, generation, servedSince: new Date(at).toISOString() };
    if (content !== null) this.#context.log.info(fields, "serving the last good content from disk");
    if (this.#isCurrent(signed)) this.#report = reached(signed.entry, "applied", "restored from disk");
  }

  /** Goes on with what the last process left undone, and proves what was restored. The engine may have been mended meanwhile. */
  resume(): void {
    const isRefused = this.#report?.rejection?.code === "engine-refused" && this.#attempts < maxApplyAttempts;
    if (this.#report?.state !== "rejected" || mayPass(this.#report) || isRefused) this.again();
  }

  /** A newer generation, checked. */
  take(signed: SignedManifestEntry): void {
    this.#latest = signed;
    this.#failures = 0;
    this.#attempts = 0;
    this.again();
  }

  /** The same generation once more: said again, and tried again where that may help. */
  repeat(): void {
    if (this.#report === undefined || !this.#isAt(this.#latest)) return;
    this.#context.onReport(this.#report);
    if (mayPass(this.#report)) this.again();
  }

  /** A refusal may have rested on what another entry served then, such as a hostname that has moved. */
  reconsider(): void {
    const isRefused = this.#isAt(this.#latest) && this.#report?.rejection?.code === "engine-refused";
    if (isRefused && this.#attempts < maxApplyAttempts) this.again();
  }

  again(): void {
    clearTimeout(this.#retryTimer);
    this.#isDue = true;
    if (!this.#isWorking) void this.#work();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
  }

  /** Proofs wait for clients, so they take no place from entries that are to be brought into service. */
  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#isDue && !this.#isClosed) {
      try {
        const applied = await this.#context.limiter.run(() => this.#bringIntoService());
        if (applied !== undefined) await this.#prove(applied);
      } catch (error) {
        this.#fault(error);
      }
    }
    this.#isWorking = false;
  }

  /** The newest generation at this moment, when it is in service and on disk. */
  async #bringIntoService(): Promise<SignedManifestEntry | undefined> {
    this.#isDue = false;
    const signed = this.#latest;
    if (!this.#isApplied(signed) && !(await this.#deliverAndApply(signed))) return undefined;
    if (!this.#isApplicationStored && !(await this.#keep(signed))) return undefined;
    return signed;
  }

  async #deliverAndApply(signed: SignedManifestEntry): Promise<boolean> {
    const obtained = await obtainContent(signed.entry.content, this.#context);
    if (this.#isPassedOver(signed)) return false;
    if (!obtained.ok)
      return "away" in obtained ? this.#wait(signed, obtained.away) : this.#reject(signed, obtained.rejection);
    const delivered = reached(signed.entry, "delivered");
    const attempts = this.#attempts + 1;
    const problem = await this.#save({ latest: signed, report: delivered, served: this.#served, attempts });
    if (problem !== undefined) return this.#reject(signed, notStored(problem, "The content served before stays."));
    const isKnown = this.#report?.state === "delivered" && this.#isAt(signed);
    if (!isKnown) this.#say(delivered);
    if (this.#isPassedOver(signed)) return false;
    return this.#apply(signed, obtained.content);
  }

  async #apply(signed: SignedManifestEntry, next: EngineContent | null): Promise<boolean> {
    const { entryId, generation } = signed.entry;
    const outcome = await this.#give({ entryId, generation, previous: this.#applied?.next ?? null, next });
    if (!outcome.ok && outcome.code === "engine-away") return this.#waitForEngine(signed, outcome.detail);
    if (!outcome.ok) return this.#reject(signed, { code: refusalCode(outcome.code), detail: outcome.detail });
    this.#isApplicationStored = false;
    return true;
  }

  /** A throw is a refusal: of the engine's state after it nothing is known but what its contract says. */
  async #give(change: EntryChange): Promise<EngineOutcome> {
    const outcome = await askEngine(() => this.#context.engine.apply(change), "engine-refused");
    if (outcome.ok) {
      this.#applied = change;
      this.#appliedDetail = outcome.detail + clockDoubt(change.next, this.#context.clock());
    }
    return outcome;
  }

  /** Only what is on disk is reported as applied: a restart must not undo it. */
  async #keep(signed: SignedManifestEntry): Promise<boolean> {
    const served = { signed, at: this.#context.clock() };
    const applied = reached(signed.entry, "applied", this.#appliedDetail);
    const problem = await this.#save({ latest: signed, report: applied, served, attempts: 0 });
    if (problem !== undefined)
      return this.#reject(signed, notStored(problem, "The new content is served, and would be lost in a restart."));
    this.#served = served;
    this.#isApplicationStored = true;
    this.#say(applied);
    this.#context.onServedChange(signed.entry.entryId);
    return true;
  }

  /** Also when a newer generation is waiting: what was taken away with this one has to be gone. */
  async #prove(signed: SignedManifestEntry): Promise<void> {
    const change = this.#applied;
    if (change === undefined || this.#isClosed) return;
    const outcome = await askEngine(() => this.#context.engine.verify(change), "proof-failed");
    if (this.#isPassedOver(signed)) return;
    if (outcome.ok) {
      this.#failures = 0;
      const doubt = clockDoubt(change.next, this.#context.clock());
      return this.#say(reached(signed.entry, "verified", outcome.detail + doubt));
    }
    if (outcome.code === "engine-away") return this.#proveLater(signed, outcome.detail);
    // Nothing went wrong, and asking again would tell no more.
    if (outcome.code === "unprovable") return this.#say(reached(signed.entry, "applied", outcome.detail));
    const detail = `The new content is served, and its proof failed: ${outcome.detail}`;
    await this.#reject(signed, { code: "proof-failed", detail });
  }

  /** What was applied stays so: an engine that is away has not failed to prove it. */
  #proveLater({ entry }: SignedManifestEntry, detail: string): void {
    if (this.#report?.detail !== detail) this.#say(reached(entry, "applied", detail));
    this.#retryLater();
  }

  /** Always false: not done, and nothing is wrong with the entry. */
  #wait({ entry }: SignedManifestEntry, reason: string): false {
    const { entryId, generation } = entry;
    const fields = { entryId, generation, reason: logged(reason) };
    if (this.#failures === 0) this.#context.log.info(fields, "the control plane is away: asked again later");
    this.#retryLater();
    return false;
  }

  /** Always false: not done. An engine that is away has refused nothing; it serves on what it had, or nothing at all. */
  async #waitForEngine(signed: SignedManifestEntry, detail: string): Promise<false> {
    const report = reached(signed.entry, "delivered", detail);
    const isNews = this.#report?.detail !== report.detail || !this.#isAt(signed);
    if (isNews) {
      const { entryId, generation } = signed.entry;
      // No process has ended over it.
      await this.#save({ latest: signed, report, served: this.#served, attempts: 0 });
      this.#context.log.warn({ entryId, generation, detail: logged(detail) }, "the engine is away: asked again later");
      this.#say(report);
    }
    this.#retryLater();
    return false;
  }

  /** Always false: not done. */
  async #reject(signed: SignedManifestEntry, rejection: NodeRejection): Promise<false> {
    if (this.#isPassedOver(signed)) return false;
    const report = rejected(signed.entry, rejection);
    const isNews = this.#report?.rejection?.code !== rejection.code || !this.#isAt(signed);
    const problem = isNews
      ? await this.#save({ latest: signed, report, served: this.#served, attempts: 0 })
      : undefined;
    const { entryId, generation } = signed.entry;
    const { log } = this.#context;
    if (problem !== undefined) log.error({ entryId, reason: logged(problem) }, "a rejection could not be stored");
    if (isNews)
      log.warn({ entryId, generation, code: rejection.code, detail: logged(rejection.detail) }, "entry rejected");
    if (isNews) this.#say(report);
    if (mayPass(report)) this.#retryLater();
    return false;
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    const { timing, random } = this.#context;
    this.#retryTimer = setTimeout(() => this.again(), backoffMs(timing.retry, this.#failures, random()));
    this.#failures += 1;
  }

  #say(report: EntryReport): void {
    const { entryId, generation, state } = report;
    if (state !== "rejected") this.#context.log.info({ entryId, generation }, `entry ${state}`);
    this.#report = report;
    this.#context.onReport(report);
  }

  /** Undefined when it is on disk, else the words of the disk. */
  async #save(entry: StoredEntry): Promise<string | undefined> {
    try {
      await this.#context.entries.save(entry);
      return undefined;
    } catch (error) {
      return words(error);
    }
  }

  /** Its files are as they were: what they say is served once it is back, and said again then. */
  #missEngine(detail: string): void {
    const { entry } = this.#latest;
    const { entryId, generation } = entry;
    this.#context.log.warn({ entryId, generation, detail: logged(detail) }, "the engine is away: asked again later");
    this.#report = reached(entry, "delivered", detail);
  }

  /** The last good content cannot be served: the entry is refused to all until it is delivered again. */
  #lose(code: "certificate-unavailable" | "engine-refused", reason: string): void {
    const { entryId, generation } = this.#latest.entry;
    this.#context.log.error({ entryId, generation, reason: logged(reason) }, "the last good content cannot be served");
    const isLatest = this.#served !== null && this.#isCurrent(this.#served.signed);
    const detail = `The content on disk cannot be served: ${reason}`;
    if (isLatest) this.#report = rejected(this.#latest.entry, { code, detail });
  }

  #fault(error: unknown): void {
    const { entryId } = this.#latest.entry;
    this.#context.log.error({ entryId, reason: logged(words(error)) }, "the work on an entry broke off");
    this.#retryLater();
  }

  #isApplied({ entry }: SignedManifestEntry): boolean {
    return this.#applied !== undefined && sameGeneration(this.#applied.generation, entry.generation);
  }

  #isPassedOver(signed: SignedManifestEntry): boolean {
    return this.#isClosed || !this.#isCurrent(signed);
  }

  #isCurrent({ entry }: SignedManifestEntry): boolean {
    return sameGeneration(entry.generation, this.#latest.entry.generation);
  }

  /** Whether the report is about this generation. */
  #isAt({ entry }: SignedManifestEntry): boolean {
    return this.#report !== undefined && sameGeneration(this.#report.generation, entry.generation);
  }
}

function refusalCode(code: EngineRefusalCode): "engine-refused" | "disk-write-failed" {
  return code === "disk-write-failed" ? code : "engine-refused";
}

function sameGeneration(a: Generation, b: Generation): boolean {
  return compareGenerations(a, b) === 0;
}
