/** What can be wrong with an encoding. Closed: texts and tests are exhaustive over it. */
export type DerProblemCode =
  | "der-truncated"
  | "der-trailing-data"
  | "der-non-minimal-length"
  | "der-indefinite-length"
  | "der-unexpected-tag"
  | "der-high-tag"
  | "der-bad-boolean"
  | "der-bad-integer"
  | "der-bad-bit-string"
  | "der-bad-oid"
  | "der-bad-time"
  | "der-bad-string"
  | "der-bad-value"
  | "der-bad-version"
  | "der-empty-sequence"
  | "der-duplicate-extension"
  | "der-extensions-need-v3"
  | "der-sigalg-mismatch"
  | "der-too-large"
  | "der-too-many-names";

/** Where an encoding stops being DER, or being a certificate. `offset` counts bytes from the start of the input. */
export type DerProblem = { readonly code: DerProblemCode; readonly offset: number; readonly expected: string };

/** Thrown inside the decoders and caught at their doors only: callers get the problem as a value. */
export class DerFault extends Error {
  readonly problem: DerProblem;

  constructor(code: DerProblemCode, offset: number, expected: string) {
    super(`${code} at byte ${offset}: ${expected}`);
    this.name = "DerFault";
    this.problem = { code, offset, expected };
  }
}
