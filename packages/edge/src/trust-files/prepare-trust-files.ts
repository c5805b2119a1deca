import { chmod, mkdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Certificate } from "@tcm/core";
import { replaceFile } from "./replace-file.ts";
import type { EngineListener } from "./trust-file-driver.ts";
import { isFileEntryId, trustFile } from "./trust-file.ts";

/** Makes the directory and, for every listener whose file is not there, one that lets in nobody: proxies start with nothing less. */
export async function prepareTrustFiles(
  directory: string,
  listeners: readonly EngineListener[],
  denyAll: Certificate,
): Promise<void> {
  await makeReadable(directory);
  for (const { entryId } of listeners) {
    if (!isFileEntryId(entryId)) throw new Error(`a listener guards ${JSON.stringify(entryId)}, which is no entry`);
    const { path, pem } = trustFile(directory, entryId, [], denyAll);
    if (!(await stat(path).catch(() => undefined))) await replaceFile(path, pem);
  }
}

/** A proxy of another user reads it, whatever the agent's umask is; what is there already has the mode that somebody gave it. */
async function makeReadable(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  const made = relative(first, directory).split(sep).filter(Boolean);
  for (let i = 0; i <= made.length; i++) await chmod(join(first, ...made.slice(0, i)), 0o755);
}
