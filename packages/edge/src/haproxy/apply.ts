import { relative } from "node:path";
import type { EngineOutcome } from "../edge-engine.ts";
import { proveAnchors } from "../probe/prove-anchors.ts";
import { offeredResumption } from "../probe/resumption-offer.ts";
import { type EngineFinding, removalDoubt } from "../trust-files/engine-finding.ts";
import { otherSpelling } from "../trust-files/other-spelling.ts";
import type { TrustFile } from "../trust-files/trust-file.ts";
import {
  type EngineListener,
  notProved,
  type TrustChange,
  type TrustFileDriver,
  unprovable,
  unproved,
} from "../trust-files/trust-file-driver.ts";
import { waitUntil } from "../trust-files/wait-until.ts";
import { opaqueAddresses, portsThatTrust } from "./bind-ports.ts";
import type { Ask } from "./ca-file-transaction.ts";
import { closeOlderConnections, endOldWorkers } from "./close-older-connections.ts";
import { type HaproxyOptions, type HaproxyTiming, haproxyTiming } from "./haproxy-options.ts";
import { installFiles } from "./install-files.ts";
import { isolatesResumption, lintHaproxy } from "./lint.ts";
import { olderProcesses } from "./older-processes.ts";
import { readCaFiles, readPid, readVersion } from "./read-answers.ts";
import { readBack } from "./read-back.ts";
import { readHaproxyProbe } from "./read-probe.ts";
import { readRunning } from "./read-running.ts";
import { runtimeCommand } from "./runtime-socket.ts";
import { type TrustingBind, trustingBinds } from "./trusting-binds.ts";

/** Throws when no HAProxy answers at its runtime socket. */
export async function openHaproxyDriver(options: HaproxyOptions): Promise<TrustFileDriver> {
  const ask: Ask = (command) => runtimeCommand(options.runtimeSocket, command);
  const version = readVersion(await ask("show info"))?.text;
  if (version === undefined) throw new Error(`what answers at ${options.runtimeSocket} is not HAProxy`);
  return new HaproxyDriver(options, version, (await lookAt(ask, options, version)).findings);
}

/** Serves trust files by one running HAProxy. */
class HaproxyDriver implements TrustFileDriver {
  readonly description: TrustFileDriver["description"];
  readonly findings: readonly EngineFinding[];
  readonly #options: HaproxyOptions;
  readonly #timing: HaproxyTiming;
  readonly #ask: Ask;
  readonly #askMaster: Ask | undefined;

  constructor(options: HaproxyOptions, version: string, findings: readonly EngineFinding[]) {
    const { runtimeSocket, masterSocket } = options;
    const highestLevel = removalDoubt(findings) === undefined ? "verified" : "applied";
    this.description = { engine: "haproxy", version, highestLevel };
    this.findings = findings;
    this.#options = options;
    this.#timing = { ...haproxyTiming, ...options.timing };
    this.#ask = (command) => runtimeCommand(runtimeSocket, command);
    this.#askMaster = masterSocket === undefined ? undefined : (command) => runtimeCommand(masterSocket, command);
  }

  install(files: readonly TrustFile[]): Promise<EngineOutcome> {
    return installFiles(files, { ask: this.#ask, askMaster: this.#askMaster, reloadMs: this.#timing.reloadMs });
  }

  prove(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    return this.#proveAll(changes).catch(notProved);
  }

  async #proveAll(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const loaded = readCaFiles(await this.#ask("show ssl ca-file"));
    const idle = changes.find((change) => !loaded.has(change.file.path) && this.#listenersOf(change).length > 0);
    if (idle !== undefined) return unprovable(`a listener is named for ${idle.file.path}, which HAProxy does not use`);
    for (const { file } of changes) {
      const other = await otherSpelling(file.path, loaded);
      if (other !== undefined) return unprovable(`HAProxy uses ${file.path} as ${other}, and takes no change of it`);
    }
    const used = changes.filter(({ file }) => loaded.has(file.path));
    if (used.length === 0) return { ok: true, detail: "no listener uses it" };
    for (const change of used) {
      const outcome = await this.#proveContent(change);
      if (!outcome.ok) return outcome;
    }
    const detail = readBackDetail(used);
    return used.some(({ removesTrust }) => removesTrust) ? this.#proveRemoval(used, detail) : { ok: true, detail };
  }

  /** The read-back is exact, certificate by certificate; the probe adds that listeners use what was read back. */
  async #proveContent(change: TrustChange): Promise<EngineOutcome> {
    const held = await readBack(this.#ask, change.file);
    if (!held.ok) return unproved(held.problem);
    const { clock } = this.#options;
    const probing = { clock, read: readHaproxyProbe, settleMs: 2_000 };
    const outcome = await proveAnchors(change, this.#listenersOf(change), probing);
    const isReadBackAlone = !outcome.ok && outcome.code === "unprovable" && held.isExact;
    return isReadBackAlone ? { ok: true, detail: "read back" } : outcome;
  }

  async #proveRemoval(used: readonly TrustChange[], detail: string): Promise<EngineOutcome> {
    // As it is configured and running now: another HAProxy may have taken the socket since.
    const version = readVersion(await this.#ask("show info"))?.text ?? "";
    const { findings, binds } = await lookAt(this.#ask, this.#options, version);
    const inTheWay = removalDoubt(findings) ?? (await this.#offeredSessions(version, used));
    if (inTheWay !== undefined) return unprovable(inTheWay);
    const unnamed = used.find((change) => change.removesTrust && this.#listenersOf(change).length === 0);
    if (unnamed !== undefined) return unprovable(`no listener is named that trusts ${unnamed.file.path}`);
    const overlooked = this.#overlookedPort(used, binds);
    if (overlooked !== undefined) return unprovable(overlooked);
    const workersLeft = await this.#oldWorkersLeft();
    if (workersLeft === undefined)
      return unprovable("no master socket is named, nor can the process be seen: a reload may have left workers");
    if (workersLeft > 0) return unproved(`${workersLeft} workers from before a reload are left`);
    const ports = new Set(used.flatMap((change) => this.#listenersOf(change).map(({ port }) => port)));
    const { closed, left } = await closeOlderConnections(this.#ask, ports, this.#timing);
    if (left > 0) return unproved(`${left} connections opened before the removal are left, ${closed} are closed`);
    return { ok: true, detail: `${detail}; ${closed} connections opened before the removal closed` };
  }

  /** Of a port that nobody named the connections from before a removal are not known, and not ended. */
  #overlookedPort(used: readonly TrustChange[], binds: readonly TrustingBind[]): string | undefined {
    for (const change of used.filter(({ removesTrust }) => removesTrust)) {
      const { path } = change.file;
      const named = new Set(this.#listenersOf(change).map(({ port }) => port));
      const port = portsThatTrust(binds, path).find((bound) => !named.has(bound));
      if (port !== undefined) return `port ${port} trusts ${path} too, and no listener is named for it`;
    }
    return undefined;
  }

  async #offeredSessions(version: string, used: readonly TrustChange[]): Promise<string | undefined> {
    if (isolatesResumption(version)) return undefined;
    return offeredResumption(used.flatMap((change) => this.#listenersOf(change)));
  }

  /** Undefined: nobody can tell. Without a master none is made to end, and the proof waits for it. */
  async #oldWorkersLeft(): Promise<number | undefined> {
    if (this.#askMaster !== undefined) return endOldWorkers(this.#askMaster, this.#timing);
    const pid = readPid(await this.#ask("show info"));
    const left = async () => (pid === undefined ? undefined : (await olderProcesses(pid))?.length);
    const { graceMs, closeMs } = this.#timing;
    await waitUntil(async () => ((await left()) ? undefined : true), graceMs + closeMs);
    return left();
  }

  #listenersOf({ file }: TrustChange): readonly EngineListener[] {
    return this.#options.listeners.filter(({ entryId }) => entryId === file.entryId);
  }
}

function readBackDetail(used: readonly TrustChange[]): string {
  const count = used.reduce((sum, { file }) => sum + file.anchors.length, 0);
  return `${count} ${count === 1 ? "anchor" : "anchors"} read back`;
}

type Look = { readonly findings: readonly EngineFinding[]; readonly binds: readonly TrustingBind[] };

/** What is configured, as it is now, and what that leaves open. */
async function lookAt(ask: Ask, { configurationPath, directory }: HaproxyOptions, version: string): Promise<Look> {
  if (configurationPath === undefined) return { findings: [unknown(version)], binds: [] };
  const { configuration, findings } = await readRunning(ask, configurationPath);
  const binds = trustingBinds(configuration);
  return { findings: [...findings, ...lintHaproxy(version, configuration), ...opaqueBinds(binds, directory)], binds };
}

function unknown(version: string): EngineFinding {
  const detail = `what HAProxy ${version} trusts, and whether it resumes sessions, is not known: its configuration is not named`;
  return { code: "configuration-not-known", severity: "blocks-proof", line: undefined, detail };
}

/** Listeners of which the connections from before a removal cannot be found, or that a change of one file does not reach. */
function opaqueBinds(binds: readonly TrustingBind[], directory: string): readonly EngineFinding[] {
  const severity = "blocks-proof";
  const trusted = [...new Set(binds.flatMap((bind) => bind.trusted))];
  return trusted.flatMap((path): readonly EngineFinding[] => {
    const below = relative(directory, path);
    if (below.startsWith("..")) return [];
    if (below === "") {
      const detail = `${path} is trusted as a directory, and takes no change of a file in it`;
      return [{ code: "configuration-not-known", severity, line: undefined, detail }];
    }
    return opaqueAddresses(binds, path).map((address) => {
      const detail = `connections to ${address}, which trusts ${path}, cannot be told: bind TCP, by the number of its port`;
      return { code: "connections-outlive-removal", severity, line: undefined, detail };
    });
  });
}
