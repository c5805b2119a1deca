/** Cuts a stream of bytes into lines, each at most `maxBytes` long. */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that the chunk ends, without their line feeds; undefined when one is too long, and then nothing more is to be read. */
  push(chunk: Uint8Array): readonly Uint8Array[] | undefined {
    const lines: Uint8Array[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      if (this.#bytes + end > this.#maxBytes) return undefined;
      lines.push(Buffer.concat([...this.#parts, rest.subarray(0, end)]));
      this.#parts = [];
      this.#bytes = 0;
      rest = rest.subarray(end + 1);
    }
    this.#bytes += rest.length;
    if (rest.length > 0) this.#parts.push(rest);
    return this.#bytes > this.#maxBytes ? undefined : lines;
  }
}

const lineFeed = 0x0a;
