/** What was dropped or chosen, or lies in a folder that was; its path begins with the name of that. */
export type Dropped = DroppedFile | DroppedFolder;

export type DroppedFile = { readonly kind: "file"; readonly path: string; readonly open: () => Promise<File> };

export type DroppedFolder = {
  readonly kind: "folder";
  readonly path: string;
  /** What lies in it, as browsers tell it: by and by. */
  readonly batches: () => AsyncIterable<readonly Dropped[]>;
};

/** A file or a folder of which nothing is known, since it was not read. */
export type NotRead = { readonly file: string; readonly why: "unreadable" | "too-deep" | "no-files" };

export type FoundFiles = { readonly files: readonly DroppedFile[]; readonly notRead: readonly NotRead[] };

/** A version holds 300 certificates at most: who drops more than this has taken another folder than they meant. */
export const mostEntries = 1_000;

/** A folder may lead back to one above it, and would have no end. */
export const mostLevels = 8;

/** How many files and folders may still be looked at; below nought they are too many. */
type Room = { left: number };

/** All files in what was dropped, by their paths, none of them opened. Undefined: they are too many. */
export async function findFiles(dropped: readonly Dropped[]): Promise<FoundFiles | undefined> {
  const room = { left: mostEntries };
  const found = await lookThrough(dropped, mostLevels, room);
  return room.left < 0 ? undefined : found;
}

async function lookThrough(all: readonly Dropped[], levels: number, room: Room): Promise<FoundFiles> {
  const found: FoundFiles[] = [];
  for (const one of all.toSorted(byPath)) {
    room.left -= 1;
    if (room.left < 0) break;
    found.push(one.kind === "file" ? { files: [one], notRead: [] } : await lookInto(one, levels, room));
  }
  return { files: found.flatMap(({ files }) => files), notRead: found.flatMap(({ notRead }) => notRead) };
}

async function lookInto(folder: DroppedFolder, levels: number, room: Room): Promise<FoundFiles> {
  const without = (why: NotRead["why"]): FoundFiles => ({ files: [], notRead: [{ file: folder.path, why }] });
  if (levels === 0) return without("too-deep");
  const content = await contentOf(folder, room);
  if (content === undefined) return without("unreadable");
  const found = await lookThrough(content, levels - 1, room);
  // That a folder further below is empty is no news.
  const isMissed = levels === mostLevels && found.files.length + found.notRead.length === 0;
  return isMissed ? without("no-files") : found;
}

/** Undefined: it cannot be read. */
async function contentOf(folder: DroppedFolder, room: Room): Promise<readonly Dropped[] | undefined> {
  const content: Dropped[] = [];
  try {
    for await (const batch of folder.batches()) {
      content.push(...batch.filter(({ path }) => !isHidden(path)));
      if (content.length > room.left) break;
    }
    return content;
  } catch {
    return undefined;
  }
}

/** What systems put into folders by themselves, and people do not see there. */
export function isHidden(path: string): boolean {
  return /(?:^|\/)(?:\.[^/]*|Thumbs\.db|desktop\.ini)$/i.test(path);
}

/** As people number their files: 2.pem before 10.pem. */
const { compare } = new Intl.Collator("en", { numeric: true });

function byPath(a: Dropped, b: Dropped): number {
  return compare(a.path, b.path);
}
