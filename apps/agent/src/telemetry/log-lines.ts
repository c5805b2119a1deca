/**
 * Takes a stream apart into lines, whatever it holds: one that is longer than it may be is passed over as a whole, and costs no more
 * memory than one that is not. Bytes become characters one by one, so that no encoding can be wrong; what is read is ASCII.
 */
export class LogLines {
  readonly #maxBytes: number;
  readonly #onLine: (line: string) => void;
  #pending = "";
  #isTooLong = false;

  constructor(maxBytes: number, onLine: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      this.#append(text.slice(from, end));
      this.#end();
      from = end + 1;
    }
    this.#append(text.slice(from));
  }

  #append(text: string): void {
    this.#isTooLong ||= this.#pending.length + text.length > this.#maxBytes;
    this.#pending = this.#isTooLong ? "" : this.#pending + text;
  }

  #end(): void {
    if (!this.#isTooLong) this.#onLine(this.#pending);
    this.#pending = "";
    this.#isTooLong = false;
  }
}
