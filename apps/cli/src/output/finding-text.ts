import { escapeText, formatPlace, type Severity } from "@tcm/core";
import type { PlacedFinding } from "../check/check-input.ts";
import { optionAdvice } from "./option-advice.ts";
import { styled, type Terminal } from "./terminal.ts";

const words: Readonly<Record<Severity, { readonly word: string; readonly style: "red" | "yellow" | "dim" }>> = {
  error: { word: "error", style: "red" },
  warning: { word: "warning", style: "yellow" },
  advice: { word: "advice", style: "dim" },
};

/** One finding in up to four lines: code and place, subject, fingerprint, what it is and what to do. */
export function renderFinding(finding: PlacedFinding, terminal: Pick<Terminal, "colour">): string {
  const { severity, code, file, position, line, subject, fingerprint, detail } = finding;
  const { word, style } = words[severity];
  const place = file === null ? "the set" : formatPlace({ file, position: position ?? undefined, line: line ?? 1 });
  const lines = [
    `${styled(terminal, style, word)}: ${code}  ${escapeText(place)}`,
    ...(subject === null ? [] : [`  ${escapeText(subject)}`]),
    ...(fingerprint === null ? [] : [`  SHA-256 ${fingerprint}`]),
    `  ${escapeText(detail)}`,
    ...(severity === "error" ? optionAdvice(code).map((option) => `  ${option}`) : []),
  ];
  return lines.map((text) => `${text}\n`).join("");
}
