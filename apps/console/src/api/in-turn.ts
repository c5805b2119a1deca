/** What is to be read again; undefined: everything. */
export type Names = ReadonlySet<string> | undefined;

/**
 * Reads again what is named, one reading at a time: what is named meanwhile is read together after it. A burst of events would
 * otherwise begin the same reading anew with each of them, and never show one.
 */
export function inTurn(read: (names: Names) => Promise<unknown>): (names: readonly string[] | undefined) => void {
  let waiting: Names = new Set();
  let isReading = false;
  const isIdle = (): boolean => waiting !== undefined && waiting.size === 0;
  const readOn = async (): Promise<void> => {
    isReading = true;
    while (!isIdle()) {
      const names = waiting;
      waiting = new Set();
      // What a reading meets, the page that shows it says.
      await read(names).catch(() => undefined);
    }
    isReading = false;
  };
  return (names) => {
    waiting = names === undefined || waiting === undefined ? undefined : new Set([...waiting, ...names]);
    if (!isReading) void readOn();
  };
}
