import { parseArgs } from "node:util";

/** A fault of the person who starts the process: one sentence on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type OptionNames = Readonly<Record<string, { readonly type: "string" } | { readonly type: "boolean" }>>;

export function readOptions<T extends OptionNames>(options: T, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}. See --help.`);
  }
}
