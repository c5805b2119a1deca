import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "./store-error.ts";

/**
 * Holds the data directory for this process. An exclusive lock on a side database is an operating system lock: it ends with
 * the process however that dies, unlike a file with a process number in it.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  const lock = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    const message = `The data directory ${directory} is in use by another process. Stop that one, or choose another directory with --data.`;
    throw new StoreError("data-directory-in-use", message, { cause });
  }
  return { release: () => lock.close() };
}
