const form = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::(\d{2})(?:[.](\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/;

/** An ISO 8601 instant in the form of the records, which sorts as text: UTC with six digits. Undefined: none. */
export function instantText(text: string): string | undefined {
  const [, minutes, seconds = "00", fraction = "", zone] = form.exec(text) ?? [];
  const instant = new Date(`${minutes}:${seconds}${zone}`);
  if (Number.isNaN(instant.getTime())) return undefined;
  return instant.toISOString().replace(".000Z", `.${fraction.slice(0, 6).padEnd(6, "0")}Z`);
}
