import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Certificates, which are no secret: a proxy of another user reads them, whatever the agent's umask is. */
const readableByAll = 0o644;

/**
 * Puts the whole content under the name, or leaves what was there: written beside, synced, renamed, the directory synced.
 * A crash at any point leaves the old or the new content. Throws when the disk does.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.new`;
  // What a crash left; and a link that lies there is not followed to where it leads.
  await rm(draft, { force: true });
  try {
    const file = await open(draft, "wx", readableByAll);
    try {
      await file.chmod(readableByAll);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
