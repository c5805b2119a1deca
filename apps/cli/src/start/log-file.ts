import { chmodSync, createWriteStream, renameSync, statSync, type WriteStream } from "node:fs";

/** Looked at when a log is opened; one older log is kept. */
const rotateAtBytes = 10 * 1024 * 1024;

/** Appends to a log that its owner alone can read; a large one is set aside first as `FILE.1`. Throws when it cannot. */
export function openLogFile(file: string): WriteStream {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > rotateAtBytes) renameSync(file, `${file}.1`);
  else if (size !== undefined) chmodSync(file, 0o600);
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  // A full disk must not end what serves traffic; the warnings still reach standard error.
  stream.on("error", () => stream.destroy());
  return stream;
}
