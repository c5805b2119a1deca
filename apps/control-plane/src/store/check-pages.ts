import { execFile } from "node:child_process";
import { constants, setPriority } from "node:os";
import type { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

/**
 * A millisecond of work for each MiB, and what the disk takes to read it: more than this would be felt at the start, and is looked at
 * beside the running program.
 */
export const checkedAtStartBytes = 64 * 1024 * 1024;

/**
 * The first thing that contradicts itself in the pages of a store, in SQLite's words; undefined: nothing does. SQLite keeps no checksums, so
 * that other letters inside a text do not show: those of certificates and manifests have digests of their own.
 */
export function findDamage(database: DatabaseSync): string | undefined {
  const [row = {}] = database.prepare("PRAGMA quick_check(1)").all();
  const words = String(Object.values(row)[0]);
  return words === "ok" ? undefined : words.replaceAll(/\s+/g, " ");
}

export type PageCheck = {
  /** As `findDamage`, and undefined when it was ended; rejects when it could not be looked at. */
  readonly damage: Promise<string | undefined>;
  end(): void;
};

const program = fileURLToPath(new URL("./check-pages-main.ts", import.meta.url));

/** The same in a process of its own: SQLite lets go of its thread only when it is done, and a store may be of any size. */
export function checkPagesBeside(file: string): PageCheck {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const child = execFile(process.execPath, [program, file], (error, out) =>
    error === null ? resolve(out === "" ? undefined : out) : reject(error),
  );
  yieldTo(child.pid);
  child.unref();
  const end = (): void => {
    resolve(undefined);
    child.kill("SIGKILL");
  };
  return { damage: promise, end };
}

/** What serves clients goes first. */
function yieldTo(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or this system has no priorities.
  }
}
