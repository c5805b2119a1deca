/** Primary result codes of SQLite: IOERR and FULL. */
const diskFaults: ReadonlySet<number> = new Set([10, 13]);

/** The disk is full or does not work, and whatever lies on it is as good as it was. */
export function isDiskFault(cause: unknown): boolean {
  const { errcode } = cause as { readonly errcode?: number };
  return errcode !== undefined && diskFaults.has(errcode & 0xff);
}
