import { type Dropped, isHidden } from "./folder-walk.ts";

/** What was dropped: it has to be asked for before the browser takes it back at the end of the event. */
export function droppedIn({ items }: DataTransfer): readonly Dropped[] {
  return [...items].flatMap((item) => {
    const entry = item.webkitGetAsEntry();
    if (entry !== null && isFolder(entry)) return [folderOf(entry)];
    const file = item.getAsFile();
    return file === null ? [] : [asDropped(file)];
  });
}

/** What was chosen: of a folder the browser itself gives all that is in it. */
export function chosenIn(files: FileList): readonly Dropped[] {
  return [...files]
    .filter(({ webkitRelativePath }) => !webkitRelativePath.split("/").slice(1).some(isHidden))
    .map(asDropped);
}

function asDropped(file: File): Dropped {
  return { kind: "file", path: file.webkitRelativePath || file.name, open: async () => file };
}

function folderOf(folder: FileSystemDirectoryEntry): Dropped {
  return { kind: "folder", path: pathOf(folder), batches: () => batchesOf(folder) };
}

/** Chromium gives a hundred at a time, and none when there are no more. */
async function* batchesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<readonly Dropped[]> {
  const reader = folder.createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    yield batch.flatMap(inFolder);
  }
}

function inFolder(entry: FileSystemEntry): readonly Dropped[] {
  if (isFolder(entry)) return [folderOf(entry)];
  return isFile(entry)
    ? [{ kind: "file", path: pathOf(entry), open: () => new Promise((resolve, reject) => entry.file(resolve, reject)) }]
    : [];
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** Browsers begin it with a slash, as if what was dropped were all there is. */
function pathOf({ fullPath }: FileSystemEntry): string {
  return fullPath.replace(/^\//, "");
}
