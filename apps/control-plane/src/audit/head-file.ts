import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { AuditKey } from "./audit-key.ts";
import { type AuditHead, headText } from "./verify-audit.ts";

export type SignedHead = AuditHead & { readonly signature: string };

/** Years of a busy installation; then it is set aside once, and both are read. */
const maxFileBytes = 32 * 1024 * 1024;

/**
 * Keeps heads in a file of the data directory, one JSON object a line, on disk when it returns: who rewrites the database has to find
 * this too, and wherever it is copied to. Throws when it cannot be written.
 */
export function openHeadFile(directory: string): (head: SignedHead) => void {
  const file = join(directory, headFileName);
  return ({ number, hash, signature }) => {
    if (existsSync(file) && statSync(file).size >= maxFileBytes) renameSync(file, `${file}.1`);
    appendFileSync(file, `${JSON.stringify({ number, hash, signature })}\n`, { mode: 0o600, flush: true });
  };
}

const headFileName = "audit-heads.jsonl";

const line = z.object({ number: z.int(), hash: z.string(), signature: z.string() });

export type KeptHeads = {
  readonly heads: readonly AuditHead[];
  /** Numbers of what is not signed by us; 0 where a line is none of ours at all. */
  readonly forged: readonly number[];
};

/** A last line without an end was being written when the process ended, and is left out. */
export function readHeadFile(directory: string, key: Pick<AuditKey, "verify">): KeptHeads {
  const names = [`${headFileName}.1`, headFileName].map((name) => join(directory, name)).filter(existsSync);
  const lines = names.flatMap((name) => readFileSync(name, "utf8").split("\n").slice(0, -1));
  const heads: AuditHead[] = [];
  const forged: number[] = [];
  for (const text of lines) {
    const head = parseHead(text);
    if (head !== undefined && key.verify(headText(head), head.signature)) heads.push(head);
    else forged.push(head?.number ?? 0);
  }
  return { heads, forged };
}

function parseHead(text: string): SignedHead | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
