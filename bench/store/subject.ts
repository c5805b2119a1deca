/** A row of a bench, to be taken away after it. */
export const mark = "BENCH";

/** What is compared: the same work by the store of the product, and by the driver alone. */
export type Subject = {
  readonly name: string;
  /** One acknowledged transaction of three statements. */
  readonly write: () => Promise<void>;
  /** The certificates of a version, as its view needs them; answers how many. */
  readonly read: (caSetId: number, version: number) => Promise<number>;
};

export const at = "2026-06-01T00:00:00.000000Z";
