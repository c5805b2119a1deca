import { chmodSync, createWriteStream, openSync, renameSync, statSync, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

/** One older log is kept beside it. */
const rotateAtBytes = 10 * 1024 * 1024;

export type LogFile = {
  write(line: string): void;
  /** Resolves when every line is in the file, or cannot get there. */
  close(): Promise<void>;
};

/**
 * Appends to a log that its owner alone can read, and sets it aside as `FILE.1` whenever it has become large: whoever connects to an
 * edge writes lines into its log, and must not fill the disk. Throws when it cannot be opened.
 */
export function openLogFile(file: string, rotateAt = rotateAtBytes): LogFile {
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0) chmodSync(file, 0o600);
  let stream = openStream(file);
  let setAside: Promise<void> = Promise.resolve();
  const rotate = (): void => {
    size = 0;
    try {
      renameSync(file, `${file}.1`);
      const fresh = openStream(file);
      setAside = Promise.all([setAside, end(stream)]).then(() => undefined);
      stream = fresh;
    } catch {
      // It goes on where it is.
    }
  };
  return {
    write: (line) => {
      if (size > rotateAt) rotate();
      if (!stream.writable) return;
      size += Buffer.byteLength(line) + 1;
      stream.write(`${line}\n`);
    },
    close: async () => void (await Promise.all([setAside, end(stream)])),
  };
}

async function end(stream: WriteStream): Promise<void> {
  stream.end();
  // What could not be written was said by its error already.
  await finished(stream).catch(() => undefined);
}

function openStream(file: string): WriteStream {
  // Open at once: what is written before the file is moved belongs to the file that is moved.
  const stream = createWriteStream(file, { fd: openSync(file, "a", 0o600) });
  // A full disk must not end what serves traffic; the warnings still reach standard error.
  stream.on("error", () => stream.destroy());
  return stream;
}
