import type { Outcome } from "@tcm/core";
import type { TimeRange } from "../operations/history/read-activities.ts";
import { done } from "../operations/refuse.ts";
import { invalidQuery } from "./expiry-query.ts";
import { instantText } from "./instant-text.ts";

/** mETS: both ends inclusive. */
export function timeRange(wanted: {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}): Outcome<TimeRange> {
  const range = { start: instantOf(wanted.start), end: instantOf(wanted.end) };
  for (const name of ["start", "end"] as const)
    if (range[name] === null)
      return invalidQuery(
        name,
        wanted[name] ?? "",
        `The query parameter ${name} has to be an ISO 8601 date and time with its offset, such as 2026-12-31T00:00:00Z.`,
      );
  return done({ start: range.start ?? undefined, end: range.end ?? undefined });
}

function instantOf(text: string | undefined): string | null | undefined {
  return text === undefined ? undefined : (instantText(text) ?? null);
}
