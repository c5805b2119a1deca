import { readFile } from "node:fs/promises";
import type { Certificate, CryptoPort, EntryId, Network } from "@tcm/core";
import type { EdgeEngine, EngineDescription, EngineOutcome, EntryChange } from "../edge-engine.ts";
import { proveEntry } from "../served/prove-entry.ts";
import { nothingServed, type ServedState } from "../served/served-state.ts";
import { type EngineFinding, removalDoubt } from "./engine-finding.ts";
import { PendingChanges } from "./pending-changes.ts";
import { type FilePlanning, planFiles } from "./plan-files.ts";
import { isMarkedProved, markProved, unmark } from "./proved-mark.ts";
import { type EngineListener, notInstalled, refused, type TrustFileDriver, unproved } from "./trust-file-driver.ts";
import { entriesReached, type TrustFile } from "./trust-file.ts";

export type TrustFileEngineOptions = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  /** Of the trust files, absolute; ours alone. */
  readonly directory: string;
  readonly listeners: readonly EngineListener[];
  readonly denyAll: Certificate;
  readonly driver: TrustFileDriver;
};

type Before = {
  readonly anchors: readonly Certificate[];
  readonly isKnown: boolean;
  /** Nothing changes for the proxy. */
  readonly isSame: boolean;
};

/** The part that all engines with trust files share: which files a change reaches, and what has to be proved of them. */
export class TrustFileEngine implements EdgeEngine {
  readonly description: EngineDescription;
  /** What the proxy's configuration left open when the engine was opened. */
  readonly findings: readonly EngineFinding[];
  readonly #driver: TrustFileDriver;
  readonly #planning: FilePlanning;
  readonly #files = new Map<EntryId, TrustFile>();
  readonly #pending = new PendingChanges();
  /** Said with every application: where no proof can come, this is the last word. */
  readonly #doubt: string;
  #state = nothingServed;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor({ network, crypto, directory, listeners, denyAll, driver }: TrustFileEngineOptions) {
    const sendsCaNames = namesSent(driver, listeners);
    const inTheWay = removalDoubt(driver.findings);
    this.description = { ...driver.description, network, sendsCaNames };
    this.findings = driver.findings;
    this.#driver = driver;
    this.#planning = { crypto, directory, denyAll, sendsCaNames };
    this.#doubt = inTheWay === undefined ? "" : `; no removal can be proved: ${inTheWay}`;
  }

  /** What it serves, as far as it was told. */
  state(): ServedState {
    return this.#state;
  }

  /** One at a time: each change is planned on what the one before has left. */
  apply(change: EntryChange): Promise<EngineOutcome> {
    const result = this.#turn.then(() => this.#applyNow(change));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async verify(change: EntryChange): Promise<EngineOutcome> {
    if (this.#isClosed) return unproved("the engine is closed");
    const entry = proveEntry(this.#state, change, this.#planning.crypto);
    if (!entry.ok) return entry;
    const reached = entriesReached(this.#state, change.entryId).flatMap((id) => this.#files.get(id) ?? []);
    const outcome = await this.#driver.prove(reached.map((file) => this.#pending.of(file)));
    if (outcome.ok) for (const file of reached) this.#noteProved(file);
    return outcome;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turn;
  }

  async #applyNow(change: EntryChange): Promise<EngineOutcome> {
    if (this.#isClosed) return refused("the engine is closed");
    const plan = planFiles(this.#state, change, this.#planning);
    return plan.ok ? this.#install(plan.files, plan.state) : plan;
  }

  /** In turn, and unless another change has come in between; what cannot be noted is proved in full the next time. */
  #noteProved(file: TrustFile): void {
    this.#pending.proved(file);
    this.#turn = this.#turn
      .then(() => (this.#files.get(file.entryId) === file ? markProved(file) : undefined))
      .catch(() => undefined);
  }

  async #install(files: readonly TrustFile[], next: ServedState): Promise<EngineOutcome> {
    const changes = await Promise.all(files.map(async (file) => ({ file, before: await this.#before(file) })));
    try {
      for (const { file, before } of changes) if (!before.isSame) await unmark(file);
    } catch (error) {
      return notInstalled(error);
    }
    const outcome = await this.#driver.install(files);
    if (!outcome.ok) return outcome;
    this.#state = next;
    for (const { file, before } of changes) {
      this.#files.set(file.entryId, file);
      this.#pending.record(file, before.anchors, !before.isKnown);
    }
    return { ok: true, detail: outcome.detail + this.#doubt };
  }

  /** Of a file that an earlier process wrote only the text is known, which is enough where that was proved and stays as it is. */
  async #before(file: TrustFile): Promise<Before> {
    const known = this.#files.get(file.entryId);
    if (known !== undefined) return { anchors: known.anchors, isKnown: true, isSame: known.pem === file.pem };
    const text = await readFile(file.path, "utf8").catch(() => "");
    const isSame = text === file.pem && (await isMarkedProved(file));
    return { anchors: isSame ? file.anchors : [], isKnown: isSame || text === "", isSame };
  }
}

/** What the configuration says holds for a listener of which the agent was told nothing: it may be any. */
function namesSent(driver: TrustFileDriver, listeners: readonly EngineListener[]): FilePlanning["sendsCaNames"] {
  if (driver.findings.some(({ code }) => code === "ca-names-sent")) return "every";
  return [...new Set(listeners.filter((one) => one.sendsCaNames === true).map(({ entryId }) => entryId))].sort();
}
