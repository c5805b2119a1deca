import { DerFault } from "./der-problem.ts";
import type { DerReader } from "./der-reader.ts";
import { tag } from "./tag.ts";

/** X.690 §11.1: TRUE is 0xFF and nothing else. */
export function readBoolean(reader: DerReader, expectedTag: number = tag.boolean): boolean {
  reader.expect(expectedTag, "a BOOLEAN");
  const octet = reader.bytes[reader.contentStart];
  if (reader.contentEnd - reader.contentStart !== 1 || (octet !== 0 && octet !== 0xff)) {
    throw new DerFault("der-bad-boolean", reader.start, "00 or FF");
  }
  return octet === 0xff;
}

/** Content octets of an INTEGER, X.690 §8.3.2: not empty, no superfluous sign octet. */
export function readIntegerOctets(reader: DerReader, expectedTag: number = tag.integer): Uint8Array {
  reader.expect(expectedTag, "an INTEGER");
  const { bytes, contentStart, contentEnd } = reader;
  const first = bytes[contentStart];
  if (contentStart === contentEnd) throw new DerFault("der-bad-integer", reader.start, "at least one octet");
  if (contentEnd - contentStart > 1) {
    const signOfSecond = (bytes[contentStart + 1] as number) & 0x80;
    if ((first === 0 && signOfSecond === 0) || (first === 0xff && signOfSecond !== 0)) {
      throw new DerFault("der-bad-integer", contentStart, "the shortest form of the number");
    }
  }
  return reader.content();
}

/** A non-negative INTEGER below 2^31, such as a path length. */
export function readSmallInteger(reader: DerReader, expectedTag: number = tag.integer): number {
  const octets = readIntegerOctets(reader, expectedTag);
  if ((octets[0] as number) & 0x80) throw new DerFault("der-bad-integer", reader.contentStart, "a number of 0 or more");
  // A larger one means the same for every use that RFC 5280 has: no limit that a path could reach.
  if (octets.length > 4) return 0x7fffffff;
  let value = 0;
  for (const octet of octets) value = value * 256 + octet;
  return value;
}

/** Content of a BIT STRING of whole octets, without the leading count of unused bits. */
export function readOctetAlignedBits(reader: DerReader): Uint8Array {
  reader.expect(tag.bitString, "a BIT STRING");
  if (reader.bytes[reader.contentStart] !== 0 || reader.contentEnd === reader.contentStart) {
    throw new DerFault("der-bad-bit-string", reader.start, "a BIT STRING of whole octets");
  }
  return reader.bytes.subarray(reader.contentStart + 1, reader.contentEnd);
}

/** X.690 §8.6 and §11.2.1: what was read last is a BIT STRING, however tagged, whose unused bits are zero. */
export function requireBitString({ bytes, start, contentStart, contentEnd }: DerReader): void {
  const unused = bytes[contentStart] as number;
  const octets = contentEnd - contentStart - 1;
  const last = bytes[contentEnd - 1] as number;
  if (octets < 0 || unused > 7 || (octets === 0 ? unused > 0 : (last & ((1 << unused) - 1)) !== 0)) {
    throw new DerFault("der-bad-bit-string", start, "a BIT STRING, the unused bits zero");
  }
}

/**
 * Named bits as a mask, bit 0 lowest. X.690 §11.2 leaves trailing zero bits out; some real CA certificates do not, so
 * that is reported and not refused.
 */
export function readNamedBits(
  reader: DerReader,
  expectedTag: number = tag.bitString,
): { readonly mask: number; readonly hasTrailingZeros: boolean } {
  reader.expect(expectedTag, "a BIT STRING");
  const { bytes, contentStart, contentEnd } = reader;
  requireBitString(reader);
  const unused = bytes[contentStart] as number;
  const octets = contentEnd - contentStart - 1;
  if (octets > 4) throw new DerFault("der-bad-bit-string", reader.start, "at most 32 named bits");
  if (octets === 0) return { mask: 0, hasTrailingZeros: false };
  const last = bytes[contentEnd - 1] as number;
  let mask = 0;
  for (let bit = 0; bit < octets * 8 - unused; bit++) {
    if (((bytes[contentStart + 1 + (bit >> 3)] as number) >> (7 - (bit & 7))) & 1) mask |= 1 << bit;
  }
  return { mask, hasTrailingZeros: ((last >> unused) & 1) === 0 };
}

export function readNull(reader: DerReader): void {
  reader.expect(tag.null, "NULL");
  if (reader.contentEnd !== reader.contentStart) throw new DerFault("der-bad-value", reader.start, "an empty NULL");
}
