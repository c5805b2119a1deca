import { createHmac, type Hmac, timingSafeEqual } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { StoreError } from "../store/store-error.ts";

/*
 * An archive is text: a line that names the format, lines of JSON, and a last line with HMAC-SHA256 over all bytes before it. Who has no
 * operator key can neither change it nor cut it off unseen.
 */
const format = "trust-chain-manager backup 1";
const lastLine = /^end [0-9a-f]{64}$/;
/** A row holds at most one certificate, or the list of three hundred fingerprints. */
const maxLineBytes = 4 * 1024 * 1024;

/** Writes a new file, mode 0600: the whole archive, or no file. Answers its size in bytes. */
export async function writeArchive(file: string, key: Uint8Array, lines: AsyncIterable<string>): Promise<number> {
  if (existsSync(file)) throw unusable(`${file} exists already. Give the name of a new file`);
  const fresh = `${file}.${process.pid}.new`;
  const mac = createHmac("sha256", key);
  const handle = await open(fresh, "wx", 0o600);
  try {
    const write = async (line: string): Promise<void> => {
      mac.update(`${line}\n`);
      await handle.writeFile(`${line}\n`);
    };
    await write(format);
    for await (const line of lines) await write(line);
    await handle.writeFile(`end ${mac.digest("hex")}\n`);
    await handle.sync();
    const { size } = await handle.stat();
    await handle.close();
    await rename(fresh, file);
    await syncDirectory(dirname(file));
    return size;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Or a power cut could take the name away again. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync();
  await handle.close();
}

/** The lines between the first and the last. What was read counts only once it has come to its end without throwing. */
export async function* readArchive(file: string, key: Uint8Array): AsyncGenerator<string> {
  const mac = createHmac("sha256", key);
  let previous: Buffer | undefined;
  let isFirst = true;
  for await (const line of linesOf(file)) {
    if (previous !== undefined) {
      mac.update(previous).update("\n");
      const text = previous.toString("utf8");
      if (isFirst && text !== format) throw unusable(`${file} is not a backup that this version reads`);
      if (!isFirst) yield text;
      isFirst = false;
    }
    previous = line;
  }
  if (isFirst || previous === undefined || !isAuthentic(previous.toString("latin1"), mac)) {
    throw unusable(`${file} is cut off, was changed, or was made under another operator key. Nothing was restored`);
  }
}

/** Reads it whole, so that nothing of an archive that is not ours reaches a store. */
export async function verifyArchive(file: string, key: Uint8Array): Promise<void> {
  const lines = readArchive(file, key);
  while ((await lines.next()).done !== true);
}

function isAuthentic(last: string, mac: Hmac): boolean {
  return lastLine.test(last) && timingSafeEqual(Buffer.from(last.slice("end ".length), "hex"), mac.digest());
}

/** Without their ends; what follows the last end of line is a fault, since every line has one. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([rest, chunk.subarray(from, end)]);
        rest = Buffer.alloc(0);
        from = end + 1;
      }
      rest = Buffer.concat([rest, chunk.subarray(from)]);
      if (rest.length > maxLineBytes) throw unusable(`${file} has a line of more than ${maxLineBytes} bytes`);
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof StoreError || code === undefined) throw cause;
    throw unusable(`${file} cannot be read (${code})`);
  }
  if (rest.length > 0) throw unusable(`${file} is cut off. Nothing was restored`);
}

function unusable(words: string): StoreError {
  return new StoreError("backup-unusable", `${words}.`);
}
