import { type Urgency, urgencyOf } from "../structure/urgency.ts";
import { plural } from "../text/time-text.ts";

export const urgencyWords: Readonly<Record<Urgency, string>> = {
  expired: "expired",
  soon: "within 30 days",
  near: "within 90 days",
  later: "later",
};

export const urgencies = ["expired", "soon", "near", "later"] as const satisfies readonly Urgency[];

/** How many of each urgency there are; those of which there is none are left out. Pure. */
export function countUrgencies(
  endDates: readonly string[],
  now: number,
): readonly { readonly urgency: Urgency; readonly count: number }[] {
  return urgencies
    .map((urgency) => ({ urgency, count: endDates.filter((iso) => urgencyOf(iso, now) === urgency).length }))
    .filter(({ count }) => count > 0);
}

/** "12 certificates: 1 expired, 2 end within 30 days, 9 later." */
export function expirySummary(endDates: readonly string[], now: number): string {
  const parts = countUrgencies(endDates, now).map(
    ({ urgency, count }) => `${count} ${urgency === "expired" ? "" : "end "}${urgencyWords[urgency]}`,
  );
  return `${plural(endDates.length, "certificate")}: ${parts.join(", ")}.`;
}
