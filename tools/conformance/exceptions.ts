import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A known divergence. By `id` it names one case, and the case's passing is an error too. Without one it describes a shape,
 * which may hold for cases that nobody has seen yet: where the path stopped, or with which code.
 */
export type Exception = {
  readonly suite: string;
  readonly id?: string;
  readonly code?: string;
  readonly at?: "anchor";
  readonly expected: "accepted" | "refused";
  readonly actual: string;
  readonly reason: string;
};

export function readExceptions(path = join(import.meta.dirname, "exceptions.json")): readonly Exception[] {
  return JSON.parse(readFileSync(path, "utf8")) as readonly Exception[];
}
