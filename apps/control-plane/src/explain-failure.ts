import { UsageError } from "./command-line.ts";
import { storeFault } from "./operations/store-fault.ts";
import { StoreError } from "./store/store-error.ts";

/** What a person can mend is said in one sentence; anything else is a bug and shows its stack. */
export function explainFailure(error: unknown): string {
  if (error instanceof UsageError || error instanceof StoreError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const fault = storeFault(error);
  return fault === undefined
    ? (explainSystem(error) ?? error.stack ?? error.message)
    : `${fault.what} ${mendAndRepeat}`;
}

const mendAndRepeat = "Mend that, and start this again.";

function explainSystem({ code, path = "a file", port }: NodeJS.ErrnoException & { readonly port?: number }) {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} is in use by another process. Stop that one, or choose another port.`;
    case "EACCES":
      return port === undefined
        ? `${path} may not be used by this user. ${mendAndRepeat}`
        : `Port ${port} needs more rights than this process has. Choose one above 1023.`;
    case "ENOSPC":
    case "EDQUOT":
      return `The disk is full, and ${path} could not be written. ${mendAndRepeat}`;
    case "EROFS":
    case "EPERM":
      return `${path} may not be written. ${mendAndRepeat}`;
    default:
      return undefined;
  }
}
