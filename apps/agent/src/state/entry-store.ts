import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type AgentLog, logged } from "../agent-log.ts";
import { words } from "../start-error.ts";
import { fileNameOf, parseStoredEntry, renderStoredEntry, type StoredEntry } from "./stored-entry.ts";
import { unfinished, writeDurably } from "./write-durably.ts";

/** Two signed entries of 300 fingerprints are 50 kB. */
const maxFileBytes = 1024 * 1024;

/** The entries on this node's disk, one file each. */
export class EntryStore {
  readonly #directory: string;
  readonly #writing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** All entries whose file can be read. Their signatures are not checked here. */
  load(log: AgentLog): readonly StoredEntry[] {
    const entries: StoredEntry[] = [];
    for (const name of readdirSync(this.#directory)) {
      if (name.endsWith(unfinished)) rmSync(join(this.#directory, name), { force: true });
      if (!name.endsWith(".json")) continue;
      const entry = this.#read(name);
      if (typeof entry === "string") {
        log.error(
          { file: logged(name), reason: logged(entry) },
          "a stored entry cannot be read: it is not served until it is announced again",
        );
      } else entries.push(entry);
    }
    return entries;
  }

  /** Resolves when it is safe on disk. Calls for one entry must not overlap. */
  async save(entry: StoredEntry): Promise<void> {
    if (this.#isClosed) throw new Error("the agent is stopping");
    const writing = writeDurably(
      join(this.#directory, fileNameOf(entry.latest.entry.entryId)),
      renderStoredEntry(entry),
    );
    this.#writing.add(writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#writing);
  }

  #read(name: string): StoredEntry | string {
    try {
      const file = join(this.#directory, name);
      if (statSync(file).size > maxFileBytes) return "it is too large";
      const entry = parseStoredEntry(readFileSync(file, "utf8"));
      if (typeof entry === "string") return entry;
      return fileNameOf(entry.latest.entry.entryId) === name ? entry : "its content belongs to another file";
    } catch (error) {
      return words(error);
    }
  }
}
