import { execFileSync } from "node:child_process";
import { StoreError } from "../store/store-error.ts";
import { isOperatorKey } from "./operator-key.ts";

export type OperatorKeySettings = {
  /** Base64. */
  readonly operatorKey?: string | undefined;
  /** Prints it. */
  readonly operatorKeyCommand?: string | undefined;
};

/** A vault on another continent, or one that has to wake up first. */
const timeoutMs = 60_000;
const maxBytes = 4 * 1024;

/**
 * The operator key that was given, base64; undefined: it is in the data directory. What a command prints is never shown, whatever it is;
 * what it says on standard error is.
 */
export function givenOperatorKey({ operatorKey, operatorKeyCommand }: OperatorKeySettings): string | undefined {
  if (operatorKey !== undefined || operatorKeyCommand === undefined) return operatorKey;
  const printed = run(operatorKeyCommand);
  if (isOperatorKey(printed)) return printed;
  throw unusable("printed something that is not a key of 32 bytes in base64");
}

/** Of commands that take no settings. A variable that is empty counts as one that is not there, as everywhere. */
export function operatorKeyOfEnvironment(environment: NodeJS.ProcessEnv): string | undefined {
  return givenOperatorKey({
    operatorKey: environment["TCM_OPERATOR_KEY"] || undefined,
    operatorKeyCommand: environment["TCM_OPERATOR_KEY_COMMAND"] || undefined,
  });
}

function run(command: string): string {
  try {
    const stdio: ("ignore" | "pipe" | "inherit")[] = ["ignore", "pipe", "inherit"];
    return execFileSync("/bin/sh", ["-c", command], {
      encoding: "utf8",
      stdio,
      timeout: timeoutMs,
      maxBuffer: maxBytes,
    });
  } catch (error) {
    const { status, code } = error as { readonly status?: number | null; readonly code?: string };
    // The error itself holds what was printed.
    throw unusable(`ended with ${status ?? code ?? "no word"}`);
  }
}

function unusable(how: string): StoreError {
  return new StoreError(
    "operator-key-unusable",
    `The operator key command ${how}. Nothing was started; mend the command.`,
  );
}
