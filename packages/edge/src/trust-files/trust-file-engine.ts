import { chmod, mkdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Certificate, type CryptoPort, caListBytes, type EntryId, maxCaListBytes, type Network } from "@tcm/core";
import type { EdgeEngine, EngineOutcome, EntryChange } from "../edge-engine.ts";
import { proveEntry } from "../served/prove-entry.ts";
import { nothingServed, planState, type ServedState } from "../served/served-state.ts";
import { type EngineFinding, removalDoubt } from "./engine-finding.ts";
import { opensslProblem } from "./openssl-problem.ts";
import { PendingChanges } from "./pending-changes.ts";
import { replaceFile } from "./replace-file.ts";
import { type EngineListener, refused, type TrustFileDriver, unproved } from "./trust-file-driver.ts";
import { anchorsOf, entriesReached, isFileEntryId, type TrustFile, trustFile } from "./trust-file.ts";

/** An engine that serves from trust files, with what it holds in memory. */
export type TrustFileEngine = EdgeEngine & {
  readonly state: () => ServedState;
  /** What the proxy's configuration left open when the engine was opened. */
  readonly findings: readonly EngineFinding[];
};

export type TrustFileEngineOptions = {
  readonly network: Network;
  readonly crypto: CryptoPort;
  /** Of the trust files, absolute; ours alone. */
  readonly directory: string;
  readonly listeners: readonly EngineListener[];
  readonly denyAll: Certificate;
  readonly driver: TrustFileDriver;
};

/** Makes the directory and, for every listener whose file is not there, one that lets in nobody: proxies start with nothing less. */
export async function prepareTrustFiles(
  directory: string,
  listeners: readonly EngineListener[],
  denyAll: Certificate,
): Promise<void> {
  await makeReadable(directory);
  for (const { entryId } of listeners) {
    if (!isFileEntryId(entryId)) throw new Error(`a listener guards ${JSON.stringify(entryId)}, which is no entry`);
    const { path, pem } = trustFile(directory, entryId, [], denyAll);
    if (!(await stat(path).catch(() => undefined))) await replaceFile(path, pem);
  }
}

/** A proxy of another user reads it, whatever the agent's umask is; what is there already has the mode that somebody gave it. */
async function makeReadable(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  const made = relative(first, directory).split(sep).filter(Boolean);
  for (let i = 0; i <= made.length; i++) await chmod(join(first, ...made.slice(0, i)), 0o755);
}

/** The part that all engines with trust files share: which files a change reaches, and what has to be proved of them. */
export function openTrustFileEngine(options: TrustFileEngineOptions): TrustFileEngine {
  const { network, crypto, directory, listeners, denyAll, driver } = options;
  const files = new Map<EntryId, TrustFile>();
  const pending = new PendingChanges();
  const sendsCaNames = namesSent(driver, listeners);
  const inTheWay = removalDoubt(driver.findings);
  // Said with every application: where no proof can come, this is the last word.
  const doubt = inTheWay === undefined ? "" : `; no removal can be proved: ${inTheWay}`;
  let state = nothingServed;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** One at a time: each change is planned on what the one before has left. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = turn.then(step);
    turn = result.catch(() => undefined);
    return result;
  }

  async function apply({ entryId, previous, next }: EntryChange): Promise<EngineOutcome> {
    if (closed) return refused("the engine is closed");
    if (!isFileEntryId(entryId)) return refused(`${JSON.stringify(entryId)} cannot be the name of a file`);
    const plan = planState(state, entryId, previous, next, crypto);
    if (!plan.ok) return refused(plan.detail);
    if (next?.kind === "edge-certificate" && next.edgeCertificate.mode === "observe") {
      return refused("observe is not served: whether a certificate is required stands in the listener's configuration");
    }
    const reached = entriesReached(plan.state, entryId).map((id) =>
      trustFile(directory, id, anchorsOf(plan.state, id), denyAll),
    );
    // One by one: a single anchor that OpenSSL cannot read would keep all of them, and other sets, from being served.
    const unreadable = firstProblem(reached.flatMap(({ anchors }) => anchors));
    if (unreadable !== undefined) return refused(unreadable);
    const tooLong = reached.find(advertisesTooMuch);
    if (tooLong !== undefined) return refused(`the CA names of ${tooLong.path} are too long for any handshake`);
    return install(reached, plan.state);
  }

  async function install(reached: readonly TrustFile[], next: ServedState): Promise<EngineOutcome> {
    const before = await Promise.all(reached.map((file) => knownBefore(file)));
    const outcome = await driver.install(reached);
    if (!outcome.ok) return outcome;
    state = next;
    for (const [position, file] of reached.entries()) {
      const { anchors, isKnown } = before[position] ?? { anchors: [], isKnown: false };
      files.set(file.entryId, file);
      pending.record(file, anchors, !isKnown);
    }
    return { ok: true, detail: outcome.detail + doubt };
  }

  /** Of a file that an earlier process wrote only the text is known, which is enough when it stays as it is. */
  async function knownBefore(file: TrustFile): Promise<{ anchors: readonly Certificate[]; isKnown: boolean }> {
    const known = files.get(file.entryId);
    if (known !== undefined) return { anchors: known.anchors, isKnown: true };
    const text = await readFile(file.path, "utf8").catch(() => "");
    return { anchors: [], isKnown: text === "" };
  }

  async function verify(change: EntryChange): Promise<EngineOutcome> {
    if (closed) return unproved("the engine is closed");
    const entry = proveEntry(state, change, crypto);
    if (!entry.ok) return entry;
    const reached = entriesReached(state, change.entryId).flatMap((id) => files.get(id) ?? []);
    const outcome = await driver.prove(reached.map((file) => pending.of(file)));
    if (outcome.ok) for (const file of reached) pending.proved(file);
    return outcome;
  }

  return {
    description: { ...driver.description, network, sendsCaNames },
    state: () => state,
    findings: driver.findings,
    apply: (change) => inTurn(() => apply(change)),
    verify,
    async close() {
      closed = true;
      await turn;
    },
  };

  function advertisesTooMuch({ entryId, anchors }: TrustFile): boolean {
    const isSent = sendsCaNames === "every" || sendsCaNames.includes(entryId);
    return isSent && caListBytes(anchors) > maxCaListBytes;
  }
}

/** What the configuration says holds for a listener of which the agent was told nothing: it may be any. */
function namesSent(driver: TrustFileDriver, listeners: readonly EngineListener[]): readonly EntryId[] | "every" {
  if (driver.findings.some(({ code }) => code === "ca-names-sent")) return "every";
  return [...new Set(listeners.filter((one) => one.sendsCaNames === true).map(({ entryId }) => entryId))].sort();
}

function firstProblem(anchors: readonly Certificate[]): string | undefined {
  for (const anchor of anchors) {
    const problem = opensslProblem(anchor);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
