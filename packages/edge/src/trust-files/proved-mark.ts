import { hash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { replaceFile } from "./replace-file.ts";
import type { TrustFile } from "./trust-file.ts";

/**
 * Beside a trust file: that its content was proved, and that nothing else was served since. Without it a process that begins anew would
 * have to take every connection for one from before a removal, and end it.
 */
export async function isMarkedProved(file: TrustFile): Promise<boolean> {
  const mark = await readFile(markPath(file), "utf8").catch(() => "");
  return mark === markOf(file);
}

export function markProved(file: TrustFile): Promise<void> {
  return replaceFile(markPath(file), markOf(file));
}

/** Before anything else is served. Throws when the disk does. */
export function unmark(file: TrustFile): Promise<void> {
  return rm(markPath(file), { force: true });
}

function markPath({ path }: TrustFile): string {
  return `${path}.proved`;
}

function markOf({ pem }: TrustFile): string {
  return `${hash("sha256", pem)}\n`;
}
