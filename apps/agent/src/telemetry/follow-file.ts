import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { maxLogLineBytes } from "@tcm/edge";
import type { LineSource } from "./listen-for-lines.ts";
import { LogLines } from "./log-lines.ts";

export type FollowOptions = {
  readonly path: string;
  readonly onLine: (line: string) => void;
  /** Told once of each kind of problem: a file that cannot be read, or not be emptied. */
  readonly onProblem: (problem: string) => void;
  readonly lookMs: number;
  /** Emptied when everything in it was read and it is larger. */
  readonly maxBytes: number;
};

/** In one look, so that a busy proxy does not keep the agent from everything else. */
const maxBytesAtOnce = 4 * 1024 * 1024;
const chunkBytes = 256 * 1024;

type Place = { readonly file: FileHandle; readonly inode: number; readonly canEmpty: boolean; position: number };

/**
 * Reads what is written to a log from now on, through rotation and truncation, and empties it when it has grown. The proxy appends
 * (`O_APPEND`), so that it goes on at the new end; what it writes between the last read and the emptying is lost.
 */
export async function followFile(options: FollowOptions): Promise<LineSource> {
  const { onLine, lookMs } = options;
  const lines = new LogLines(maxLogLineBytes, onLine);
  const tell = onceEach(options.onProblem);
  let place = await openAt(options.path, "end", tell);
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    place ??= await openAt(options.path, "begin", tell);
    if (place === undefined) return;
    const isAtEnd = await readOn(place, lines);
    if (!isAtEnd) return;
    if (await isReplaced(options.path, place.inode)) {
      await place.file.close();
      place = await openAt(options.path, "begin", tell);
    } else if (place.position > options.maxBytes) await empty(place, tell);
  };
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        running = undefined;
      });
  }, lookMs).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await running;
      await place?.file.close();
    },
  };
}

async function openAt(path: string, at: "begin" | "end", tell: (problem: string) => void): Promise<Place | undefined> {
  const opened = await openLog(path, tell);
  if (opened === undefined) return undefined;
  const { file, canEmpty } = opened;
  const { ino, size } = await file.stat();
  return { file, canEmpty, inode: ino, position: at === "end" ? size : 0 };
}

/** Not there yet is no problem: the proxy makes it. Anything but a file would make a reader wait for ever. */
async function openLog(path: string, tell: (problem: string) => void) {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return undefined;
  if (!there.isFile()) {
    tell("it is not a file");
    return undefined;
  }
  const { O_RDWR, O_RDONLY, O_NONBLOCK } = constants;
  const writable = await open(path, O_RDWR | O_NONBLOCK).catch(() => undefined);
  if (writable !== undefined) return { file: writable, canEmpty: true };
  const readable = await open(path, O_RDONLY | O_NONBLOCK).catch(() => undefined);
  if (readable === undefined) tell("it cannot be read");
  return readable && { file: readable, canEmpty: false };
}

/** True at the end of the file. One that is shorter than what was read of it has been truncated, and begins anew. */
async function readOn(place: Place, lines: LogLines): Promise<boolean> {
  const { size } = await place.file.stat();
  if (size < place.position) place.position = 0;
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let read = 0; read < maxBytesAtOnce; ) {
    const { bytesRead } = await place.file.read(buffer, 0, chunkBytes, place.position);
    if (bytesRead === 0) return true;
    place.position += bytesRead;
    read += bytesRead;
    lines.push(buffer.subarray(0, bytesRead));
  }
  return false;
}

async function isReplaced(path: string, inode: number): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there !== undefined && there.ino !== inode;
}

async function empty(place: Place, tell: (problem: string) => void): Promise<void> {
  if (!place.canEmpty) return tell("it grows, and the agent may not empty it");
  await place.file.truncate(0);
  place.position = 0;
}

function onceEach(tell: (problem: string) => void): (problem: string) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem) || told.size > 20) return;
    told.add(problem);
    tell(problem);
  };
}
