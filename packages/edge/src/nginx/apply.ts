import { readFile } from "node:fs/promises";
import type { EngineOutcome } from "../edge-engine.ts";
import { proveAnchors } from "../probe/prove-anchors.ts";
import { offeredResumption } from "../probe/resumption-offer.ts";
import { EngineAway } from "../trust-files/engine-away.ts";
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
import { endOldWorkers } from "./end-old-workers.ts";
import { installFiles } from "./install-files.ts";
import { lintNginx } from "./lint.ts";
import { type NginxOptions, type NginxTiming, nginxTiming } from "./nginx-options.ts";
import { readNginxProbe } from "./read-probe.ts";
import { runNginx } from "./run-nginx.ts";
import { masterPid } from "./workers.ts";

/** Throws when the program is not there; it need not run. */
export async function openNginxDriver(options: NginxOptions): Promise<TrustFileDriver> {
  const [, version = "unknown"] = /nginx\/(\S+)/.exec(await runNginx(options.binary, ["-v"])) ?? [];
  return new NginxDriver(options, version, await findingsOf(options));
}

/** Serves trust files by one nginx. */
class NginxDriver implements TrustFileDriver {
  readonly description: TrustFileDriver["description"];
  readonly findings: readonly EngineFinding[];
  readonly #options: NginxOptions;
  readonly #timing: NginxTiming;

  constructor(options: NginxOptions, version: string, findings: readonly EngineFinding[]) {
    const highestLevel = removalDoubt(findings) === undefined ? "verified" : "applied";
    this.description = { engine: "nginx", version, highestLevel };
    this.findings = findings;
    this.#options = options;
    this.#timing = { ...nginxTiming, ...options.timing };
  }

  install(files: readonly TrustFile[]): Promise<EngineOutcome> {
    return installFiles(files, { ...this.#options, reloadMs: this.#timing.reloadMs });
  }

  prove(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    return this.#proveAll(changes).catch(notProved);
  }

  async #proveAll(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const master = await masterPid(this.#options.pidPath);
    if (master === undefined) throw new EngineAway("nginx does not run");
    for (const { file } of changes) {
      if ((await readFile(file.path, "utf8")) !== file.pem) return unproved(`${file.path} is not what was written`);
    }
    // Before the probe: a worker from before could answer it.
    const isRemoval = changes.some(({ removesTrust }) => removesTrust);
    const removal = isRemoval ? await this.#proveRemoval(master, changes) : undefined;
    if (removal?.ok === false) return removal;
    const content = await this.#proveContents(changes);
    if (!content.ok || removal === undefined) return content;
    return { ok: true, detail: `${content.detail}; ${removal.detail}` };
  }

  async #proveContents(changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const configuration = await printedConfiguration(this.#options);
    const details = new Set<string>();
    for (const change of changes) {
      const outcome = await this.#proveContent(change, configuration);
      if (!outcome.ok) return outcome;
      details.add(outcome.detail);
    }
    return { ok: true, detail: [...details].join("; ") };
  }

  /** nginx says nothing of what it holds: handshakes do, or nothing does (edges.md §1.3). */
  async #proveContent(change: TrustChange, configuration: string): Promise<EngineOutcome> {
    const { path } = change.file;
    const targets = this.#listenersOf(change);
    if (targets.length > 0) {
      const { clock } = this.#options;
      return proveAnchors(change, targets, { clock, read: readNginxProbe, settleMs: this.#timing.settleMs });
    }
    const used = configuration.includes(path) ? path : await otherSpelling(path, pathsIn(configuration));
    if (used !== undefined) return unprovable(`no listener is named that trusts ${used}`);
    return { ok: true, detail: "no listener uses it" };
  }

  async #proveRemoval(master: number, changes: readonly TrustChange[]): Promise<EngineOutcome> {
    const listeners = changes.flatMap((change) => this.#listenersOf(change));
    const findings = lintNginx(await printedConfiguration(this.#options));
    const inTheWay = removalDoubt(findings) ?? (await offeredResumption(listeners));
    if (inTheWay !== undefined) return unprovable(inTheWay);
    const older = await masterPid(`${this.#options.pidPath}.oldbin`);
    if (older !== undefined)
      return unproved(`the nginx from before an upgrade of the program still serves: end process ${older}`);
    const left = await endOldWorkers(master, this.#timing.graceMs, this.#timing.closeMs);
    if (left > 0) return unproved(`${left} workers from before the reload are left, with their connections`);
    return { ok: true, detail: "workers from before are gone, and their connections with them" };
  }

  #listenersOf({ file }: TrustChange): readonly EngineListener[] {
    return this.#options.listeners.filter(({ entryId }) => entryId === file.entryId);
  }
}

/** Whatever stands in the place of a value, with or without quotes. */
function pathsIn(configuration: string): readonly string[] {
  const words = configuration.replaceAll(/(?:^|\s)#.*$/gm, "").split(/[\s;{}"']+/);
  return words.filter((word) => word.endsWith(".pem"));
}

/** What the configuration leaves open; nginx prints nothing while a file is missing, and then the one file says what it can. */
async function findingsOf(options: NginxOptions): Promise<readonly EngineFinding[]> {
  const printed = printedConfiguration(options);
  return lintNginx(await printed.catch(() => readFile(options.configurationPath, "utf8")));
}

/** With every include. Throws nginx's words. */
function printedConfiguration({ binary, configurationPath }: NginxOptions): Promise<string> {
  return runNginx(binary, ["-T", "-q", "-c", configurationPath]);
}
