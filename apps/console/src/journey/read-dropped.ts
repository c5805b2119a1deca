import { type Dropped, findFiles, mostEntries, type NotRead } from "./folder-walk.ts";
import { type HandedIn, refuseSizes } from "./read-files.ts";

export type ReadDrop =
  | { readonly ok: true; readonly files: readonly HandedIn[]; readonly notRead: readonly NotRead[] }
  /** Nothing was read; what to do instead. */
  | { readonly ok: false; readonly problem: string };

const tooMany = `There are more than ${mostEntries.toLocaleString("en")} files and folders in it, and nothing was read. Choose the folder that holds the certificates alone.`;

/** Reads what was dropped, folders too, where it is not too much. What cannot be read is told beside what can. */
export async function readDropped(dropped: readonly Dropped[]): Promise<ReadDrop> {
  const found = await findFiles(dropped);
  if (found === undefined) return { ok: false, problem: tooMany };
  const opened = await readEach(found.files, async ({ path, open }) => ({ path, file: await open() }));
  const problem = refuseSizes(opened.done.map(({ path, file: { size } }) => ({ name: path, size })));
  if (problem !== undefined) return { ok: false, problem };
  const read = await readEach(opened.done, async ({ path, file }) => ({ name: path, bytes: await bytesOf(file) }));
  const notRead = [...found.notRead, ...opened.notRead, ...read.notRead];
  if (read.done.length + notRead.length === 0) return { ok: false, problem: "There is no file in it." };
  return { ok: true, files: read.done, notRead };
}

async function readEach<One extends { readonly path: string }, Done>(
  all: readonly One[],
  read: (one: One) => Promise<Done>,
): Promise<{ readonly done: readonly Done[]; readonly notRead: readonly NotRead[] }> {
  const done: Done[] = [];
  const notRead: NotRead[] = [];
  // One after the other: the bytes of all of them are no more than one request takes, and a network drive has few hands.
  for (const one of all) {
    try {
      done.push(await read(one));
    } catch {
      notRead.push({ file: one.path, why: "unreadable" });
    }
  }
  return { done, notRead };
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
