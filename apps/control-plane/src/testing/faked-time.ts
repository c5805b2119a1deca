import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@tcm/testkit";

/** Where Debian keeps it, below the directory of the machine's kind. */
const libraries = "/usr/lib";

function libraryFile(): string | undefined {
  const directories = existsSync(libraries) ? readdirSync(libraries) : [];
  return directories.map((name) => join(libraries, name, "faketime/libfaketime.so.1")).find(existsSync);
}

/** Why processes cannot be given a clock of their own here; undefined when they can. In CI they have to. */
export function fakedTimeMissing(): string | undefined {
  if (libraryFile() !== undefined) return undefined;
  const reason = 'install the package "libfaketime"';
  if (process.env["CI"]) throw new Error(reason);
  return reason;
}

/**
 * The clock of the machine, as a process sees it: as everything in the process asks for it, OpenSSL and SQLite included. What is measured
 * in time that passed (timers, `performance.now`) goes on undisturbed, as it does when somebody sets a clock.
 */
export class FakedTime {
  readonly #file: string;
  readonly env: Readonly<Record<string, string>>;

  /** Call it inside a test. */
  constructor() {
    this.#file = join(temporaryDirectory(), "offset");
    this.set("+0");
    this.env = {
      LD_PRELOAD: libraryFile() ?? "",
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    };
  }

  /** From right time, at once: `+1d`, `-1h`. Whole: a half-written file would be a third time. */
  set(offset: string): void {
    writeFileSync(`${this.#file}.new`, `${offset}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
