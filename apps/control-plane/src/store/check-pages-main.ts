import { DatabaseSync } from "node:sqlite";
import { findDamage } from "./check-pages.ts";
import { isDamage } from "./store-integrity.ts";

/** Prints what is damaged in the store of the argument, or nothing. A child of the control plane: see `checkPagesBeside`. */
function look(file: string): string {
  try {
    return findDamage(new DatabaseSync(file, { readOnly: true, timeout: 10_000 })) ?? "";
  } catch (error) {
    if (isDamage(error)) return error instanceof Error ? error.message : String(error);
    throw error;
  }
}

process.stdout.write(look(process.argv[2] ?? ""));
