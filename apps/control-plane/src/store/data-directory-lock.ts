import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isDiskFault } from "./disk-fault.ts";
import { StoreError } from "./store-error.ts";

/**
 * Holds the data directory for this process. An exclusive lock on a side database is an operating system lock: it ends with
 * the process however that dies, unlike a file with a process number in it.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  const file = join(directory, "lock.sqlite");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file);
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    const held = lock;
    return { release: () => held.close() };
  } catch (cause) {
    lock?.close();
    if (isDiskFault(cause)) throw cause;
    throw isBusy(cause) ? inUse(directory, cause) : unusable(file, cause);
  }
}

const sqliteBusy = 5;

function isBusy(cause: unknown): boolean {
  return (cause as { readonly errcode?: number }).errcode === sqliteBusy;
}

function inUse(directory: string, cause: unknown): StoreError {
  const message = `The data directory ${directory} is in use by another process. Stop that one, or choose another directory with --data.`;
  return new StoreError("data-directory-in-use", message, { cause });
}

function unusable(file: string, cause: unknown): StoreError {
  const words = cause instanceof Error ? cause.message : String(cause);
  const message = `${file} cannot be locked (${words}). It holds nothing: delete it if no other process uses the directory.`;
  return new StoreError("data-directory-unusable", message, { cause });
}
