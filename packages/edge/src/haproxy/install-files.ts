import { readFile } from "node:fs/promises";
import type { EngineOutcome } from "../edge-engine.ts";
import { replaceFile } from "../trust-files/replace-file.ts";
import { notInstalled, refused } from "../trust-files/trust-file-driver.ts";
import type { TrustFile } from "../trust-files/trust-file.ts";
import { caFileBatches, maxPayloadBytes } from "./ca-file-batches.ts";
import { type Ask, commitCaFile, stageCaFile } from "./ca-file-transaction.ts";
import { readBack } from "./read-back.ts";
import { readCaFiles, readVersion, takesBatches } from "./read-answers.ts";
import { reloadMaster } from "./reload-master.ts";

type Undo = () => Promise<unknown>;

export type InstallWays = { readonly ask: Ask; readonly askMaster: Ask | undefined; readonly reloadMs: number };

/** Serves the files: in memory where the runtime socket can take them, by a reload where not. All or nothing. */
export async function installFiles(files: readonly TrustFile[], ways: InstallWays): Promise<EngineOutcome> {
  const undo: Undo[] = [];
  try {
    const version = readVersion(await ways.ask("show info"));
    if (version === undefined) return refused("what answers at the runtime socket is not HAProxy");
    const loaded = readCaFiles(await ways.ask("show ssl ca-file"));
    const used = files.filter(({ path }) => loaded.has(path));
    const fits = used.every(({ pem }) => fitsRuntime(pem, takesBatches(version)));
    if (fits) return await byRuntime(files, used, ways, undo);
    return await byReload(files, used, ways, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
    return notInstalled(error);
  }
}

function fitsRuntime(pem: string, inBatches: boolean): boolean {
  const batches = caFileBatches(pem);
  return (inBatches || batches.length === 1) && batches.every(({ length }) => length <= maxPayloadBytes);
}

/** Each file is on disk before its commit: a HAProxy that restarts at any moment serves the old or the new set. */
async function byRuntime(
  files: readonly TrustFile[],
  used: readonly TrustFile[],
  { ask }: InstallWays,
  undo: Undo[],
): Promise<EngineOutcome> {
  for (const file of files) {
    const isServed = !used.includes(file) || (await isHeld(ask, file));
    if (!isServed) {
      await stageCaFile(ask, file.path, file.pem);
      undo.push(() => ask(`abort ssl ca-file ${file.path}`));
    }
    const before = await writeFile(file, undo);
    if (isServed) continue;
    if (before !== undefined) undo.push(() => recommit(ask, file.path, before));
    await commitCaFile(ask, file.path);
    await demandReadBack(ask, file);
  }
  return { ok: true, detail: said(files, used, "committed by the runtime API and read back") };
}

/**
 * By fingerprint, and in the form that the file on disk has, which a fingerprint does not tell: a plain anchor and a TRUSTED one have the
 * same. What cannot be told apart for certain is committed again.
 */
async function isHeld(ask: Ask, file: TrustFile): Promise<boolean> {
  if ((await textOf(file)) !== file.pem) return false;
  const held = await readBack(ask, file);
  return held.ok && held.isExact;
}

function textOf({ path }: TrustFile): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

async function demandReadBack(ask: Ask, file: TrustFile): Promise<void> {
  const held = await readBack(ask, file);
  if (!held.ok) throw new Error(held.problem);
}

async function recommit(ask: Ask, path: string, pem: string): Promise<void> {
  await stageCaFile(ask, path, pem);
  await commitCaFile(ask, path);
}

async function byReload(
  files: readonly TrustFile[],
  used: readonly TrustFile[],
  { ask, askMaster, reloadMs }: InstallWays,
  undo: Undo[],
): Promise<EngineOutcome> {
  if (askMaster === undefined) {
    return refused("this HAProxy takes a set of this size by a reload alone, and no master socket is named");
  }
  for (const file of files) await writeFile(file, undo);
  await reloadMaster(askMaster, reloadMs);
  for (const file of used) {
    await demandReadBack(ask, file);
  }
  return { ok: true, detail: said(files, used, "reloaded and read back") };
}

async function writeFile(file: TrustFile, undo: Undo[]): Promise<string | undefined> {
  const { path, pem } = file;
  const before = await textOf(file);
  if (before === pem) return before;
  await replaceFile(path, pem);
  if (before !== undefined) undo.push(() => replaceFile(path, before));
  return before;
}

function said(files: readonly TrustFile[], used: readonly TrustFile[], how: string): string {
  const unused = files.length - used.length;
  if (used.length === 0) return "written; no listener uses it";
  return unused === 0 ? how : `${how}; ${unused} files that no listener uses are written`;
}
