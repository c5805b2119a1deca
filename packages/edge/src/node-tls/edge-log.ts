import { escapeText } from "@tcm/core";

/** Where the edge says what it did. Messages are fixed sentences; every field value has gone through `logText`. */
export type EdgeLog = (level: "info" | "warn", message: string, fields: LogFields) => void;

export type LogFields = Readonly<Record<string, string | number>>;

/** A distinguished name may be as long as a certificate; a log line may not. */
const maxLogText = 512;

/** The one way of a certificate's or request's text into a log field. */
export function logText(text: string): string {
  const escaped = escapeText(text.slice(0, maxLogText));
  return text.length > maxLogText ? `${escaped}…` : escaped;
}
