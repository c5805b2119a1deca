import { randomBytes } from "node:crypto";
import { link, open, unlink } from "node:fs/promises";

/**
 * Creates a file with its whole content, or leaves the one that is there: whoever links first has won, and everybody reads
 * the same afterwards. A crash leaves no half-written file under the name.
 */
export async function createFileOnce(path: string, content: string, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString("hex")}.new`;
  try {
    const file = await open(draft, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}
