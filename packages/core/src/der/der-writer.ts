import { encodeUtf8 } from "../text/utf8.ts";
import { tag } from "./tag.ts";

/** One DER element (X.690 §10.1: definite length in the fewest octets) around already encoded contents. */
export function encodeElement(identifier: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(contents);
  return concatBytes([Uint8Array.of(identifier, ...lengthOctets(content.length)), content]);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets = base256(length);
  return [0x80 | octets.length, ...octets];
}

function base256(value: number): number[] {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return octets;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function encodeSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return encodeElement(tag.sequence, ...elements);
}

/** X.690 §11.6: the elements of a SET OF stand in ascending order of their encodings. */
export function encodeSetOf(...elements: readonly Uint8Array[]): Uint8Array {
  return encodeElement(tag.set, ...elements.toSorted(compareBytes));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function encodeBoolean(value: boolean): Uint8Array {
  return Uint8Array.of(tag.boolean, 1, value ? 0xff : 0);
}

/** A non-negative number in the fewest octets, X.690 §8.3.2. */
export function encodeInteger(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a non-negative integer`);
  const octets = base256(value);
  if ((octets[0] ?? 0x80) >= 0x80) octets.unshift(0);
  return encodeElement(tag.integer, Uint8Array.from(octets));
}

/** X.690 §8.19: `text` is dotted decimal. */
export function encodeOid(text: string): Uint8Array {
  if (!/^[0-2](?:\.(?:0|[1-9][0-9]*))+$/.test(text)) throw new RangeError(`${text} is not an object identifier`);
  const [first, second, ...rest] = text.split(".").map(BigInt) as [bigint, bigint, ...bigint[]];
  if (first < 2n && second > 39n) throw new RangeError(`${text}: the second arc under ${first} is at most 39`);
  return encodeElement(tag.oid, Uint8Array.from([first * 40n + second, ...rest].flatMap(base128)));
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

export function encodeNull(): Uint8Array {
  return Uint8Array.of(tag.null, 0);
}

export function encodeOctetString(content: Uint8Array): Uint8Array {
  return encodeElement(tag.octetString, content);
}

/** A BIT STRING of whole octets. */
export function encodeBits(content: Uint8Array): Uint8Array {
  return encodeElement(tag.bitString, Uint8Array.of(0), content);
}

/** X.690 §11.2.2: named bits, without trailing zeros. `positions` counts from 0, the leftmost bit. */
export function encodeNamedBits(positions: readonly number[]): Uint8Array {
  if (positions.length === 0) return encodeBits(new Uint8Array());
  const last = Math.max(...positions);
  const octets = new Uint8Array(Math.floor(last / 8) + 1);
  for (const position of positions) {
    const octet = Math.floor(position / 8);
    octets[octet] = (octets[octet] as number) | (0x80 >> (position % 8));
  }
  return encodeElement(tag.bitString, Uint8Array.of(7 - (last % 8)), octets);
}

export function encodeUtf8String(text: string): Uint8Array {
  return encodeElement(tag.utf8String, encodeUtf8(text));
}

/** For IA5String, PrintableString and implicitly tagged forms of them. */
export function encodeAsciiString(text: string, identifier: number): Uint8Array {
  const octets = encodeUtf8(text);
  if (octets.length !== text.length) throw new RangeError("the text has characters outside ASCII");
  return encodeElement(identifier, octets);
}

/** RFC 5280 §4.1.2.5: UTCTime from 1950 through 2049, else GeneralizedTime. `time` is Unix seconds. */
export function encodeTime(time: number): Uint8Array {
  if (!(time >= firstTime && time <= lastTime)) throw new RangeError(`${time} is not in the years 0000 to 9999`);
  const digits = new Date(time * 1000).toISOString().slice(0, 19).replace(/[-:T]/g, "");
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050
    ? encodeAsciiString(`${digits.slice(2)}Z`, tag.utcTime)
    : encodeAsciiString(`${digits}Z`, tag.generalizedTime);
}

const firstTime = Date.parse("0000-01-01T00:00:00Z") / 1000;
const lastTime = Date.parse("9999-12-31T23:59:59Z") / 1000;
