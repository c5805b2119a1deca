import { realpath } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";

/**
 * What of the paths that a proxy uses may be this file under another name: by a link, a relative path, or a directory that is mounted
 * elsewhere for it. Another file of that name, which is there, is none. Undefined: nothing of the kind.
 */
export async function otherSpelling(path: string, used: Iterable<string>): Promise<string | undefined> {
  const own = await realPath(path);
  for (const other of used) {
    if (other === path || basename(other) !== basename(path)) continue;
    const real = isAbsolute(other) ? await realPath(other) : undefined;
    if (real === undefined || real === own) return other;
  }
  return undefined;
}

function realPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
