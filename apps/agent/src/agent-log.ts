import { escapeText } from "@tcm/core";
import type { Logger } from "pino";

/** Where the agent says what it does. Messages are fixed sentences; text from elsewhere goes through `logged`. */
export type AgentLog = Pick<Logger, "info" | "warn" | "error">;

const maxLoggedText = 512;

/** The one way of text that others wrote, or of an error about it, into a log field. */
export function logged(text: string): string {
  return escapeText(text.slice(0, maxLoggedText));
}
