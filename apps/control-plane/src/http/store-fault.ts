/** Primary result codes of SQLite, https://sqlite.org/rescode.html: READONLY, IOERR, FULL. */
const sqliteFaults: ReadonlyMap<number, string> = new Map([
  [8, "The store may not be written."],
  [10, "The disk of the store does not work."],
  [13, "The disk of the store is full."],
]);
/** PostgreSQL's disk_full. */
const postgresDiskFull = "53100";

/** What whoever operates the machine can mend, in a sentence; undefined for every other fault. A write that met it was undone as a whole. */
export function storeFault(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return sqliteFaults.get(error.errcode & 0xff);
  return "code" in error && error.code === postgresDiskFull ? sqliteFaults.get(13) : undefined;
}
