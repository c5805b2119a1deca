import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { escapeText, type TextFile } from "@tcm/core";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

/** The server takes bodies of up to 8 MiB; all files of one command together may be as large. */
const maxInputBytes = 8 * 1024 * 1024;

/** One file before it is taken for text. `-` on the command line is called `standard input`. */
export type InputBytes = { readonly name: string; readonly bytes: Buffer };

/** Reads every file, and never more than the limit in total. Throws a usage failure that names the file. */
export async function readInput(names: readonly string[], stdin: Readable): Promise<readonly TextFile[]> {
  return (await readBytes(names, stdin)).map(({ name, bytes }) => ({ name, text: bytes.toString("utf8") }));
}

/** Likewise for files that may hold DER. */
export async function readBytes(names: readonly string[], stdin: Readable): Promise<readonly InputBytes[]> {
  if (names.filter((name) => name === "-").length > 1) throw usage('"-" can be given once only.');
  const files: InputBytes[] = [];
  let left = maxInputBytes;
  for (const name of names) {
    const bytes = name === "-" ? await readBounded(stdin, left) : await readFileBounded(name, left);
    if (bytes === "too-large") throw usage(`The input is larger than ${maxInputBytes / 1024 / 1024} MiB. Split it.`);
    left -= bytes.length;
    files.push({ name: name === "-" ? "standard input" : name, bytes });
  }
  return files;
}

async function readFileBounded(name: string, limit: number): Promise<Buffer | "too-large"> {
  try {
    await using handle = await open(name);
    return await readBounded(handle.createReadStream({ autoClose: false }), limit);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usage(`Cannot read ${escapeText(name)}: ${reasons[code ?? ""] ?? code ?? "unknown error"}.`, cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "no permission",
  EISDIR: "it is a directory",
};

async function readBounded(stream: Readable, limit: number): Promise<Buffer | "too-large"> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > limit) return "too-large";
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function usage(message: string, cause?: unknown): CommandFailure {
  return new CommandFailure(exitCode.usage, message, { cause });
}
