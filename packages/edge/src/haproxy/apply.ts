import { readFile } from "node:fs/promises";
import type { EngineOutcome } from "../edge-engine.ts";
import { proveAnchors } from "../probe/prove-anchors.ts";
import { offeredResumption } from "../probe/resumption-offer.ts";
import { type EngineFinding, removalDoubt } from "../trust-files/engine-finding.ts";
import {
  notProved,
  type TrustChange,
  type TrustFileDriver,
  unprovable,
  unproved,
} from "../trust-files/trust-file-driver.ts";
import type { Ask } from "./ca-file-transaction.ts";
import { closeOlderConnections, endOldWorkers } from "./close-older-connections.ts";
import { type HaproxyOptions, haproxyTiming } from "./haproxy-options.ts";
import { installFiles } from "./install-files.ts";
import { isolatesResumption, lintHaproxy } from "./lint.ts";
import { readCaFiles, readVersion } from "./read-answers.ts";
import { readBack } from "./read-back.ts";
import { readHaproxyProbe } from "./read-probe.ts";
import { runtimeCommand } from "./runtime-socket.ts";

/** Serves trust files by one running HAProxy. Throws when none answers at its runtime socket. */
export async function openHaproxyDriver(options: HaproxyOptions): Promise<TrustFileDriver> {
  const { clock, masterSocket, listeners } = options;
  const timing = { ...haproxyTiming, ...options.timing };
  const ask: Ask = (command) => runtimeCommand(options.runtimeSocket, command);
  const askMaster: Ask | undefined =
    masterSocket === undefined ? undefined : (command) => runtimeCommand(masterSocket, command);
  const version = readVersion(await ask("show info"));
  if (version === undefined) throw new Error(`what answers at ${options.runtimeSocket} is not HAProxy`);
  const findings = await findingsOf(options, version.text);

  async function prove(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const loaded = readCaFiles(await ask("show ssl ca-file"));
    const idle = changes.find((change) => !loaded.has(change.file.path) && listenersOf(change).length > 0);
    if (idle !== undefined) return unprovable(`a listener is named for ${idle.file.path}, which HAProxy does not use`);
    const used = changes.filter(({ file }) => loaded.has(file.path));
    if (used.length === 0) return { ok: true, detail: "no listener uses it" };
    for (const change of used) {
      const outcome = await proveContent(change);
      if (!outcome.ok) return outcome;
    }
    const count = used.reduce((sum, { file }) => sum + file.anchors.length, 0);
    const detail = `${count} ${count === 1 ? "anchor" : "anchors"} read back`;
    return used.some(({ removesTrust }) => removesTrust) ? proveRemoval(used, detail) : { ok: true, detail };
  }

  /** The read-back is exact, certificate by certificate; the probe adds that listeners use what was read back. */
  async function proveContent(change: TrustChange): Promise<EngineOutcome> {
    const held = await readBack(ask, change.file);
    if (!held.ok) return unproved(held.problem);
    const outcome = await proveAnchors(change, listenersOf(change), { clock, read: readHaproxyProbe, settleMs: 2_000 });
    const isReadBackAlone = !outcome.ok && outcome.code === "unprovable" && held.isExact;
    return isReadBackAlone ? { ok: true, detail: "read back" } : outcome;
  }

  async function proveRemoval(used: readonly TrustChange[], detail: string): Promise<EngineOutcome> {
    const info = readVersion(await ask("show info"));
    const running = info?.text ?? "";
    const inTheWay =
      removalDoubt(await findingsOf(options, running)) ??
      (isolatesResumption(running) ? undefined : await offeredResumption(used.flatMap(listenersOf)));
    if (inTheWay !== undefined) return unprovable(inTheWay);
    const unnamed = used.find((change) => change.removesTrust && listenersOf(change).length === 0);
    if (unnamed !== undefined) return unprovable(`no listener is named that trusts ${unnamed.file.path}`);
    const ports = new Set(used.flatMap((change) => listenersOf(change).map(({ port }) => port)));
    const workersLeft = askMaster === undefined ? 0 : await endOldWorkers(askMaster, timing);
    if (workersLeft > 0) return unproved(`${workersLeft} workers from before a reload are left`);
    const { closed, left } = await closeOlderConnections(ask, ports, timing);
    if (left > 0) return unproved(`${left} connections opened before the removal are left, ${closed} are closed`);
    return { ok: true, detail: `${detail}; ${closed} connections opened before the removal closed` };
  }

  function listenersOf({ file }: TrustChange) {
    return listeners.filter(({ entryId }) => entryId === file.entryId);
  }

  return {
    description: {
      engine: "haproxy",
      version: version.text,
      highestLevel: removalDoubt(findings) === undefined ? "verified" : "applied",
    },
    findings,
    install: (files) => installFiles(files, { ask, askMaster, reloadMs: timing.reloadMs }),
    prove: (changes) => prove(changes).catch(notProved),
  };
}

/** What the configuration leaves open, as it is now. */
async function findingsOf({ configurationPath }: HaproxyOptions, version: string): Promise<readonly EngineFinding[]> {
  if (configurationPath !== undefined) return lintHaproxy(version, await readFile(configurationPath, "utf8"));
  if (isolatesResumption(version)) return [];
  const detail = `whether HAProxy ${version} resumes sessions is not known: its configuration is not named`;
  return [{ code: "resumption-outlives-removal", severity: "blocks-proof", line: undefined, detail }];
}
