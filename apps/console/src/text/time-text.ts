const dayMs = 86_400_000;
const daysOfYear = 365;
/** From here on nobody counts in months. */
const yearsFromDays = 2 * daysOfYear;
const daysOfMonth = daysOfYear / 12;
/** From here on nobody counts in days: the first notice of what ends is 120 days before it. */
const monthsFromDays = 122;

/** In the person's own time and words, such as "24 Nov 2026, 23:12". */
export function localTime(iso: string, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone && { timeZone }),
  }).format(new Date(iso));
}

/** The day alone, where the hour decides nothing: "24 Nov 2026". */
export function localDate(iso: string, locale?: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...(timeZone && { timeZone }) }).format(new Date(iso));
}

/** For beside the local time: "2026-11-24 22:12:05 UTC". */
export function utcTime(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Whole days from now until then, rounded down; negative when it has passed. */
export function daysUntil(iso: string, nowMs: number): number {
  return Math.floor((Date.parse(iso) - nowMs) / dayMs);
}

/** "expires in 12 days", "expires in 22 months", "expires in 9 years", "expires today", "expired 3 days ago"; rounded down. */
export function expiryText(iso: string, nowMs: number): string {
  const days = daysUntil(iso, nowMs);
  if (Date.parse(iso) <= nowMs) {
    const ago = Math.floor((nowMs - Date.parse(iso)) / dayMs);
    return ago === 0 ? "expired today" : `expired ${spanText(ago)} ago`;
  }
  return days === 0 ? "expires today" : `expires in ${spanText(days)}`;
}

function spanText(days: number): string {
  if (days >= yearsFromDays) return plural(Math.floor(days / daysOfYear), "year");
  return days < monthsFromDays ? plural(days, "day") : plural(Math.floor(days / daysOfMonth), "month");
}

/** Until when to wait, in words: "Try again in 12 minutes, after Nov 28, 2026, 4:10 AM." */
export function waitText(until: unknown, nowMs: number): string {
  const untilMs = typeof until === "string" ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(untilMs)) return "Try again in a few seconds.";
  const seconds = Math.ceil((untilMs - nowMs) / 1_000);
  if (seconds <= 0) return "Try again now.";
  if (seconds < 60) return `Try again in ${plural(seconds, "second")}.`;
  return `Try again in ${plural(Math.ceil(seconds / 60), "minute")}, after ${localTime(new Date(untilMs).toISOString())}.`;
}

/** The same text with the times of machines as the person's clock has them. */
export function timesInText(text: string, locale?: string, timeZone?: string): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z\b/g, (iso) => localTime(iso, locale, timeZone));
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
