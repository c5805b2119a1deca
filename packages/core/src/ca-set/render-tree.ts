import { escapeText } from "../text/escape-text.ts";
import type { ChainMember, ChainStructure } from "./chain-structure.ts";

/** A mesh of cross-signed CAs has more paths than anyone reads. */
const maxLines = 1_000;

/**
 * The structure as an indented tree for a terminal; a cross-signed CA appears under each of its issuers. `notCas` are the fingerprints of
 * members that no set takes, and that are no intermediates though they have an issuer.
 */
export function renderTree({ roots, tops, members }: ChainStructure, notCas: ReadonlySet<string> = new Set()): string {
  const byFingerprint = new Map(members.map((member) => [member.fingerprint, member]));
  const lines: string[] = [];
  const shown = new Set<string>();
  const visit = (fingerprint: string, indent: string, branch: string, above: readonly string[]): void => {
    const member = byFingerprint.get(fingerprint);
    if (member === undefined || lines.length >= maxLines) return;
    const isRepeated = above.includes(fingerprint);
    lines.push(`${indent}${branch}${describe(member, notCas.has(fingerprint))}${isRepeated ? " (see above)" : ""}`);
    shown.add(fingerprint);
    if (isRepeated) return;
    const below = indent + (branch === "" ? "" : branch === "└─ " ? "   " : "│  ");
    member.issues.forEach((child, i) =>
      visit(child, below, i === member.issues.length - 1 ? "└─ " : "├─ ", [...above, fingerprint]),
    );
  };
  for (const top of [...roots, ...tops]) visit(top, "", "", []);
  // Members of a cycle without a root hang from nothing.
  for (const { fingerprint } of members) if (!shown.has(fingerprint)) visit(fingerprint, "", "", []);
  if (lines.length >= maxLines) lines.push(`… more than ${maxLines} lines`);
  return lines.map((line) => `${line}\n`).join("");
}

function describe({ subject, kind, fingerprint, endDate }: ChainMember, isNoCa: boolean): string {
  return `${escapeText(subject)}  [${isNoCa ? "not a CA" : kind}, ${fingerprint.slice(0, 12)}, until ${endDate.slice(0, 10)}]`;
}
