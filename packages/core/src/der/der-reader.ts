import { DerFault } from "./der-problem.ts";

/**
 * A cursor over one run of DER elements (X.690 §10): definite, minimal lengths and single-octet tags only. It copies
 * nothing; every offset it reports counts from the start of the whole input.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  end: number;
  position: number;
  /** Of the element read last. */
  tag = 0;
  start = 0;
  contentStart = 0;
  contentEnd = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** Identifier octet of the next element, or -1 at the end. */
  peekTag(): number {
    return this.position < this.end ? (this.bytes[this.position] as number) : -1;
  }

  /** Reads the next element whatever it is, and leaves its place in `start`, `contentStart`, `contentEnd`. */
  next(): number {
    const { bytes, end } = this;
    let at = this.position;
    this.start = at;
    if (at + 2 > end) throw new DerFault("der-truncated", at, "another element");
    const identifier = bytes[at++] as number;
    if ((identifier & 0x1f) === 0x1f) throw new DerFault("der-high-tag", this.start, "a tag number below 31");
    let length = bytes[at++] as number;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0) throw new DerFault("der-indefinite-length", at - 1, "a definite length");
      if (octets > 4 && bytes[at] !== 0) throw new DerFault("der-truncated", at - 1, "a length that fits the input");
      if (at + octets > end) throw new DerFault("der-truncated", at - 1, "the octets of the length");
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + i] as number);
      // X.690 §10.1: the fewest octets that can hold it.
      if (length < 0x80 || length < 2 ** (8 * (octets - 1))) {
        throw new DerFault("der-non-minimal-length", at - 1, "the shortest form of the length");
      }
      at += octets;
    }
    if (length > end - at) throw new DerFault("der-truncated", this.start, `${length} bytes of content`);
    this.tag = identifier;
    this.contentStart = at;
    this.contentEnd = at + length;
    this.position = at + length;
    return identifier;
  }

  /** Reads the next element, which must carry `expected`. */
  expect(expected: number, what: string): void {
    const at = this.position;
    if (at >= this.end) throw new DerFault("der-truncated", at, what);
    if (this.next() !== expected) throw new DerFault("der-unexpected-tag", at, what);
  }

  /** Reads a constructed element and returns a reader over its content. */
  enter(expected: number, what: string): DerReader {
    this.expect(expected, what);
    return new DerReader(this.bytes, this.contentStart, this.contentEnd);
  }

  /**
   * Narrows this reader to the content of a constructed element and returns what `leave` needs: `enter` without a second
   * reader, for the elements of which a certificate has dozens.
   */
  step(expected: number, what: string): number {
    this.expect(expected, what);
    const outerEnd = this.end;
    this.end = this.contentEnd;
    this.position = this.contentStart;
    return outerEnd;
  }

  /** Everything inside must have been read. */
  leave(outerEnd: number, what: string): void {
    this.finish(what);
    this.end = outerEnd;
  }

  /** Content of the element read last, as a view. */
  content(): Uint8Array {
    return this.bytes.subarray(this.contentStart, this.contentEnd);
  }

  /** The element read last with its header, as a view. */
  element(): Uint8Array {
    return this.bytes.subarray(this.start, this.contentEnd);
  }

  finish(what: string): void {
    if (this.position < this.end) throw new DerFault("der-trailing-data", this.position, `nothing after ${what}`);
  }
}
