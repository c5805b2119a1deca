import { readFile } from "node:fs/promises";
import type { EngineOutcome } from "../edge-engine.ts";
import { replaceFile } from "../trust-files/replace-file.ts";
import { refused } from "../trust-files/trust-file-driver.ts";
import type { TrustFile } from "../trust-files/trust-file.ts";
import { waitUntil } from "../trust-files/wait-until.ts";
import { wordsOf } from "../trust-files/words-of.ts";
import { runNginx } from "./run-nginx.ts";
import { masterPid, workersOf } from "./workers.ts";

export type InstallSettings = {
  readonly binary: string;
  readonly configurationPath: string;
  readonly pidPath: string;
  readonly reloadMs: number;
};

/**
 * Writes the files, has nginx test its configuration with them, reloads, and sees new workers come: a reload that fails says
 * so in its log alone, and the workers before serve on (edges.md §1.3). Whatever fails, the files before come back.
 */
export async function installFiles(files: readonly TrustFile[], settings: InstallSettings): Promise<EngineOutcome> {
  const before = new Map<string, string>();
  try {
    for (const { path, pem } of files) {
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text === pem) continue;
      if (text !== undefined) before.set(path, text);
      await replaceFile(path, pem);
    }
    await reload(settings);
    return { ok: true, detail: "written, tested and reloaded; new workers serve it" };
  } catch (error) {
    for (const [path, text] of before) await replaceFile(path, text).catch(() => undefined);
    return refused(wordsOf(error));
  }
}

async function reload({ binary, configurationPath, pidPath, reloadMs }: InstallSettings): Promise<void> {
  const master = await masterPid(pidPath);
  if (master === undefined) throw new Error(`nginx does not run: no master process is named in ${pidPath}`);
  await runNginx(binary, ["-t", "-q", "-c", configurationPath]);
  const old = new Set((await workersOf(master)).map(({ pid }) => pid));
  await runNginx(binary, ["-s", "reload", "-c", configurationPath]);
  const isTaken = async () => {
    const serving = (await workersOf(master)).filter(({ isShuttingDown }) => !isShuttingDown);
    return serving.length > 0 && serving.every(({ pid }) => !old.has(pid)) ? true : undefined;
  };
  if (!(await waitUntil(isTaken, reloadMs))) throw new Error("nginx started no new workers: its error log says why");
}
