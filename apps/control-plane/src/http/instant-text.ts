/** A raw `+` in a query arrives as a space, as in `activatedOn`. */
const form = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:[.](\d{1,9}))?)?(Z|[+ -]\d{2}:\d{2})$/;

/** An ISO 8601 instant in the form of the records, which sorts as text: UTC with six digits. Undefined: none. */
export function instantText(text: string): string | undefined {
  const [, day = "", minutes, seconds = "00", fraction = "", zone = ""] = form.exec(text) ?? [];
  const instant = new Date(`${day}T${minutes}:${seconds}${zone.replace(" ", "+")}`);
  if (!isDay(day) || Number.isNaN(instant.getTime())) return undefined;
  const written = instant.toISOString().replace(".000Z", `.${fraction.slice(0, 6).padEnd(6, "0")}Z`);
  // By its offset it may lie in a year of other than four digits, which would not sort.
  return /^\d{4}-/.test(written) ? written : undefined;
}

/** 30 February is no day; `Date` takes it for the second of March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
