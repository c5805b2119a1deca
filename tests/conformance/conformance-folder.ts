import { existsSync } from "node:fs";
import { resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");

/** Where the third-party suites lie: they are read from there and never committed. */
export const conformanceFolder = process.env["TCM_CONFORMANCE_DIR"] ?? resolve(repository, "../shared/conformance");

/**
 * Full path of a suite's file; undefined, after printing why, when it is not on this machine. In CI a missing suite is an
 * error: a suite that silently stops running proves nothing.
 */
export function conformanceFile(name: string): string | undefined {
  const path = resolve(conformanceFolder, name);
  if (existsSync(path)) return path;
  const reason = `${name} is not in ${conformanceFolder}; set TCM_CONFORMANCE_DIR to the folder that holds it`;
  if (process.env["CI"]) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return undefined;
}
