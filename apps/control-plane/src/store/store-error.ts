export type StoreErrorCode =
  | "data-directory-in-use"
  | "data-directory-unusable"
  | "no-store"
  | "store-not-readable"
  | "store-too-new"
  | "store-of-another-version"
  | "store-not-empty"
  | "backup-unusable"
  | "sqlite-unsuitable"
  | "operator-key-unusable"
  | "tls-unusable"
  | "database-unreachable"
  | "database-unsuitable";

/** Why the store cannot be opened, in words for the person who starts the product. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}
