import type { Generation } from "./manifest-entry.ts";

/** Negative, zero or positive: by epoch, then by number. */
export function compareGenerations(a: Generation, b: Generation): number {
  return a.epoch - b.epoch || a.number - b.number;
}

export function formatGeneration({ epoch, number }: Generation): string {
  return `${epoch}.${number}`;
}
