import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of UTF-8 into lines. False from `push`: a line is longer than allowed, and the stream is not to be read on. */
export type LineReader = { push(chunk: Uint8Array): boolean };

export function lineReader(maxBytes: number, onLine: (line: string) => void): LineReader {
  const decoder = new StringDecoder("utf8");
  let pending = "";
  let bytes = 0;
  return {
    push: (chunk) => {
      const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      const parts = text.split("\n");
      const last = parts.pop() ?? "";
      for (const part of parts) {
        const line = pending + part;
        pending = "";
        bytes = 0;
        if (Buffer.byteLength(line) > maxBytes) return false;
        onLine(line);
      }
      pending += last;
      bytes += Buffer.byteLength(last);
      return bytes <= maxBytes;
    },
  };
}
