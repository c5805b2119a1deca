import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

let written = 0;

/** Ends the names of files that are being written; what a crash leaves of them is removed at the next start. */
export const unfinished = ".tmp";

/** The file holds the old bytes or the new ones after a crash at any point, and the new ones once this resolves. */
export async function writeDurably(file: string, data: Uint8Array | string): Promise<void> {
  await replaceFile(file, data);
  await syncDirectory(dirname(file));
}

/** The first half, for many files at once: their names are only safe after `syncDirectory`. */
export async function replaceFile(file: string, data: Uint8Array | string): Promise<void> {
  written += 1;
  const fresh = `${file}.${process.pid}-${written}${unfinished}`;
  try {
    const handle = await open(fresh, "wx", 0o600);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As `writeDurably`, for what nothing may go on without. */
export function writeDurablyNow(file: string, data: string): void {
  const fresh = `${file}.${process.pid}${unfinished}`;
  try {
    writeFileSync(fresh, data, { mode: 0o600, flush: true });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  const directory = openSync(dirname(file), "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
