import { daysUntil } from "../text/time-text.ts";

export type Urgency = "expired" | "soon" | "near" | "later";

/** Within 30 days somebody has to act; within 90 an upload is advised of it (`expiring-certificate`). */
const soonDays = 30;
const nearDays = 90;

/** How much the end of a certificate needs somebody. Pure. */
export function urgencyOf(endDate: string, now: number): Urgency {
  if (Date.parse(endDate) <= now) return "expired";
  const days = daysUntil(endDate, now);
  return days <= soonDays ? "soon" : days <= nearDays ? "near" : "later";
}
