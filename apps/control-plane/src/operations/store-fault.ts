import type { Problem } from "@tcm/core";

/** What whoever operates the machine can mend; not a fault of ours. */
export type StoreFault = Pick<Problem, "detail"> & {
  readonly slug: "store-not-writable" | "store-not-available" | "store-damaged";
  /** In a sentence, without what follows for a request. */
  readonly what: string;
};

/** The write was undone as a whole, and reads go on. */
const notWritable = (what: string): StoreFault => ({
  slug: "store-not-writable",
  what,
  detail: `${what} Nothing was changed, and reads go on.`,
});

/** A connection may have broken after the server had committed and before it could say so. */
const notAvailable = (what: string): StoreFault => ({
  slug: "store-not-available",
  what,
  detail: `${what} A change that was under way may have been made: read before you repeat it.`,
});

const full = notWritable("The disk of the store is full.");
const readOnly = notWritable("The store may not be written.");
const broken = notWritable("The disk of the store takes no writes.");
const unreadable = notAvailable("The disk of the store cannot be read.");
const away = notAvailable("The database does not answer.");

/** Nobody can say what else is. */
const damaged: StoreFault = {
  slug: "store-damaged",
  what: "The store is damaged.",
  detail:
    "The store is damaged. Change nothing more: stop the control plane, keep a copy of its data directory, and restore the last backup. Edges serve what they have.",
};

/** Primary result codes of SQLite, https://sqlite.org/rescode.html: BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const sqliteFaults: ReadonlyMap<number, StoreFault> = new Map([
  [5, notWritable("Another process has kept the store from being written for too long.")],
  [8, readOnly],
  [10, broken],
  [11, damaged],
  [13, full],
  [14, broken],
  [26, damaged],
]);

/** Extended ones: IOERR_READ and IOERR_SHORT_READ. */
const sqliteReadFaults: ReadonlySet<number> = new Set([266, 522]);

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const postgresFaults: readonly (readonly [code: RegExp, fault: StoreFault])[] = [
  [/^53100$/, full],
  // Also of a server that has become a standby.
  [/^25006$/, readOnly],
  // data_corrupted and index_corrupted.
  [/^XX00[12]$/, damaged],
  // Connections, resources, and a server or an operator that ended the query.
  [/^(08|53|57)...$/, away],
];

const networkFaults: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** The driver says some of what happens to connections in words alone, and so do we of a standby. */
const brokenConnection =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying|timeout expired|the server is a standby)/;

/** Undefined for every other fault. */
export function storeFault(error: unknown): StoreFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode, code } = error as { readonly errcode?: unknown; readonly code?: unknown };
  if (typeof errcode === "number") return sqliteReadFaults.has(errcode) ? unreadable : sqliteFaults.get(errcode & 0xff);
  if (typeof code !== "string") return brokenConnection.test(error.message) ? away : undefined;
  return networkFaults.has(code) ? away : postgresFaults.find(([pattern]) => pattern.test(code))?.[1];
}

/**
 * For what is worth less than the request that it comes with, such as when a token was last used: a store that cannot be written locks
 * none of its readers out.
 */
export async function writeIfPossible(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (storeFault(error) === undefined) throw error;
  });
}
