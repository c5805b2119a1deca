import { readFile } from "node:fs/promises";
import type { EngineOutcome } from "../edge-engine.ts";
import { proveAnchors } from "../probe/prove-anchors.ts";
import { offeredResumption } from "../probe/resumption-offer.ts";
import { EngineAway } from "../trust-files/engine-away.ts";
import { type EngineFinding, removalDoubt } from "../trust-files/engine-finding.ts";
import {
  notProved,
  type TrustChange,
  type TrustFileDriver,
  unprovable,
  unproved,
} from "../trust-files/trust-file-driver.ts";
import { endOldWorkers } from "./end-old-workers.ts";
import { installFiles } from "./install-files.ts";
import { lintNginx } from "./lint.ts";
import { type NginxOptions, nginxTiming } from "./nginx-options.ts";
import { readNginxProbe } from "./read-probe.ts";
import { runNginx } from "./run-nginx.ts";
import { masterPid } from "./workers.ts";

/** Serves trust files by one nginx, running or not yet. Throws when the program is not there. */
export async function openNginxDriver(options: NginxOptions): Promise<TrustFileDriver> {
  const { directory, binary, configurationPath, pidPath, clock, listeners } = options;
  const timing = { ...nginxTiming, ...options.timing };
  const [, version = "unknown"] = /nginx\/(\S+)/.exec(await runNginx(binary, ["-v"])) ?? [];
  const findings = await findingsOf(options);

  async function prove(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const master = await masterPid(pidPath);
    if (master === undefined) throw new EngineAway("nginx does not run");
    for (const { file } of changes) {
      if ((await readFile(file.path, "utf8")) !== file.pem) return unproved(`${file.path} is not what was written`);
    }
    // Before the probe: a worker from before could answer it.
    const removal = changes.some(({ removesTrust }) => removesTrust) ? await proveRemoval(master, changes) : undefined;
    if (removal?.ok === false) return removal;
    const configuration = await wholeConfiguration(options);
    const probes: string[] = [];
    for (const change of changes) {
      const outcome = await proveContent(change, configuration);
      if (!outcome.ok) return outcome;
      probes.push(outcome.detail);
    }
    return { ok: true, detail: [...new Set(probes), ...(removal === undefined ? [] : [removal.detail])].join("; ") };
  }

  /** nginx says nothing of what it holds: handshakes do, or nothing does (edges.md §1.3). */
  async function proveContent(change: TrustChange, configuration: string): Promise<EngineOutcome> {
    const { path } = change.file;
    const targets = listenersOf(change);
    if (targets.length > 0) {
      return proveAnchors(change, targets, { clock, read: readNginxProbe, settleMs: timing.settleMs });
    }
    if (configuration.includes(path)) return unprovable(`no listener is named that trusts ${path}`);
    return { ok: true, detail: "no listener uses it" };
  }

  async function proveRemoval(master: number, changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const inTheWay = removalDoubt(await findingsOf(options)) ?? (await offeredResumption(changes.flatMap(listenersOf)));
    if (inTheWay !== undefined) return unprovable(inTheWay);
    const left = await endOldWorkers(master, timing.graceMs, timing.closeMs);
    if (left > 0) return unproved(`${left} workers from before the reload are left, with their connections`);
    return { ok: true, detail: "workers from before are gone, and their connections with them" };
  }

  function listenersOf({ file }: TrustChange) {
    return listeners.filter(({ entryId }) => entryId === file.entryId);
  }

  return {
    description: {
      engine: "nginx",
      version,
      highestLevel: removalDoubt(findings) === undefined ? "verified" : "applied",
    },
    findings,
    install: (files) =>
      installFiles(files, { directory, binary, configurationPath, pidPath, reloadMs: timing.reloadMs }),
    prove: (changes) => prove(changes).catch(notProved),
  };
}

/** What the configuration leaves open, as it is now. */
async function findingsOf(options: NginxOptions): Promise<readonly EngineFinding[]> {
  return lintNginx(await wholeConfiguration(options));
}

/** With every include; nginx prints nothing while a file is missing, and then the one file says what it can. */
function wholeConfiguration({ binary, configurationPath }: NginxOptions): Promise<string> {
  const args = ["-T", "-q", "-c", configurationPath];
  return runNginx(binary, args).catch(() => readFile(configurationPath, "utf8"));
}
