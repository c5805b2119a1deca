import { escapeText } from "@tcm/core";

const levels: readonly (readonly [number, string])[] = [
  [60, "fatal"],
  [50, "error"],
  [40, "warning"],
];

/** Of everything that a child logs, the lines that a person should see now; undefined for the others. */
export function renderLogLine(name: string, line: string): string | undefined {
  const entry = parseEntry(line);
  // Not a log entry: the child's last words, or something that was never meant to be printed.
  if (entry === undefined) return line.trim() === "" ? undefined : `${name}: ${escapeText(line)}\n`;
  const level = levels.find(([number]) => entry.level >= number)?.[1];
  if (level === undefined) return undefined;
  const { msg, ...fields } = entry.fields;
  const facts = Object.entries(fields)
    .filter(([key]) => !uninteresting.has(key))
    .map(([key, value]) => `${key}=${render(value)}`);
  return `${name}: ${level}: ${escapeText([render(msg), ...facts].join("  "))}\n`;
}

const uninteresting: ReadonlySet<string> = new Set(["level", "time", "pid", "hostname", "name", "v"]);
const maxFact = 300;

type Entry = { readonly level: number; readonly fields: Readonly<Record<string, unknown>> };

function parseEntry(line: string): Entry | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    if (typeof value !== "object" || value === null) return undefined;
    const fields = value as Readonly<Record<string, unknown>>;
    return typeof fields["level"] === "number" ? { level: fields["level"], fields } : undefined;
  } catch {
    return undefined;
  }
}

/** An error is shown by its message: its stack is in the log file. */
function render(value: unknown): string {
  const shown =
    typeof value === "object" && value !== null && "message" in value
      ? String(value.message)
      : typeof value === "string"
        ? value
        : (JSON.stringify(value) ?? "");
  return shown.length > maxFact ? `${shown.slice(0, maxFact)}…` : shown;
}
