import { existsSync } from "node:fs";
import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { EngineOutcome } from "../edge-engine.ts";
import { EngineAway } from "../trust-files/engine-away.ts";
import { replaceFile } from "../trust-files/replace-file.ts";
import { notInstalled } from "../trust-files/trust-file-driver.ts";
import type { TrustFile } from "../trust-files/trust-file.ts";
import { waitUntil } from "../trust-files/wait-until.ts";
import { runNginx } from "./run-nginx.ts";
import { masterPid, workersOf } from "./workers.ts";

export type InstallSettings = {
  /** Of the trust files. */
  readonly directory: string;
  readonly binary: string;
  readonly configurationPath: string;
  readonly pidPath: string;
  readonly reloadMs: number;
};

/**
 * Writes the files, has nginx test its configuration with them, reloads, and sees new workers come: a reload that fails says
 * so in its log alone, and the workers before serve on (edges.md §1.3). Whatever fails, the files before come back. Where
 * nothing is to be written, as after a restart of the agent, there is nothing to reload.
 */
export async function installFiles(files: readonly TrustFile[], settings: InstallSettings): Promise<EngineOutcome> {
  const due = join(settings.directory, reloadDue);
  const wasDue = existsSync(due);
  const before = await filesBefore(files);
  if (before.size === 0 && !wasDue) return { ok: true, detail: "nginx has had these files before" };
  let isReloading = false;
  try {
    const master = await masterPid(settings.pidPath);
    if (master === undefined)
      throw new EngineAway(`nginx does not run: no master process is named in ${settings.pidPath}`);
    await replaceFile(due, "");
    for (const { path, pem } of files) if (before.has(path)) await replaceFile(path, pem);
    await runNginx(settings.binary, ["-t", "-q", "-c", settings.configurationPath]);
    isReloading = true;
    await reload(master, settings);
    await unlink(due);
    return { ok: true, detail: "written, tested and reloaded; new workers serve it" };
  } catch (error) {
    for (const [path, text] of before) if (text !== undefined) await replaceFile(path, text).catch(() => undefined);
    if (!isReloading && !wasDue) await unlink(due).catch(() => undefined);
    return notInstalled(error);
  }
}

/** What stands in the files that are to be written; those that are right already are left out. */
async function filesBefore(files: readonly TrustFile[]): Promise<ReadonlyMap<string, string | undefined>> {
  const before = new Map<string, string | undefined>();
  for (const { path, pem } of files) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== pem) before.set(path, text);
  }
  return before;
}

/** There while what is on disk may be newer than what the workers read: a process that is killed in between leaves it behind. */
const reloadDue = "reload-due";

async function reload(master: number, { binary, configurationPath, reloadMs }: InstallSettings): Promise<void> {
  const old = new Set((await workersOf(master)).map(({ pid }) => pid));
  await runNginx(binary, ["-s", "reload", "-c", configurationPath]);
  const isTaken = async () => {
    const serving = (await workersOf(master)).filter(({ isShuttingDown }) => !isShuttingDown);
    return serving.length > 0 && serving.every(({ pid }) => !old.has(pid)) ? true : undefined;
  };
  if (!(await waitUntil(isTaken, reloadMs))) throw new Error("nginx started no new workers: its error log says why");
}
