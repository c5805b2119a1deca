import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError, words } from "../start-error.ts";

/**
 * Makes the directory and holds it for this process. An exclusive lock on a side database is an operating system lock: it
 * ends with the process however that dies. Throws a StartError when another process holds it or it cannot be written.
 */
export function lockDataDirectory(directory: string): { release(): void } {
  const lock = openLockFile(directory);
  try {
    lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    const { errcode } = cause as { readonly errcode?: number };
    const reason = errcode === sqliteBusy ? "is in use by another agent" : `cannot be locked (${words(cause)})`;
    throw new StartError(`The data directory ${directory} ${reason}. Stop that one, or choose another with --data.`, {
      cause,
    });
  }
  return { release: () => lock.close() };
}

/** SQLITE_BUSY. */
const sqliteBusy = 5;

function openLockFile(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return new DatabaseSync(join(directory, "lock.sqlite"));
  } catch (cause) {
    throw new StartError(`The data directory ${directory} cannot be used: ${words(cause)}.`, { cause });
  }
}
