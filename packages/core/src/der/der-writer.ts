import { encodeUtf8 } from "../text/utf8.ts";
import { tag } from "./tag.ts";

/** One element: identifier, shortest length, content (X.690 §10.1). */
export function element(identifier: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(contents);
  return concat([Uint8Array.of(identifier), encodeLength(content.length), content]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return element(tag.sequence, ...contents);
}

export function encodeBoolean(value: boolean): Uint8Array {
  return element(tag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A non-negative number below 2^31. */
export function encodeSmallInteger(value: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest >>= 8) octets.unshift(rest & 0xff);
  return encodeUnsigned(Uint8Array.from(octets));
}

/** An INTEGER from unsigned octets of any length, such as a serial number. */
export function encodeUnsigned(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const significant = octets.length === 0 ? Uint8Array.of(0) : octets.subarray(start);
  const sign = (significant[0] as number) & 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return element(tag.integer, sign, significant);
}

export function encodeOid(dotted: string): Uint8Array {
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  const octets = [first * 40n + second, ...rest].flatMap(encodeArc);
  return element(tag.oid, Uint8Array.from(octets));
}

function encodeArc(arc: bigint): readonly number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

/** Whole octets, none unused. */
export function encodeBits(bytes: Uint8Array): Uint8Array {
  return element(tag.bitString, Uint8Array.of(0), bytes);
}

/** Named bits by number, trailing zeros left out (X.690 §11.2.2). */
export function encodeNamedBits(bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return element(tag.bitString, Uint8Array.of(0));
  const highest = Math.max(...bits);
  const octets = new Uint8Array((highest >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] as number) | (0x80 >> (bit & 7));
  return element(tag.bitString, Uint8Array.of(7 - (highest & 7)), octets);
}

export function encodeOctets(bytes: Uint8Array): Uint8Array {
  return element(tag.octetString, bytes);
}

export function encodeString(identifier: number, text: string): Uint8Array {
  return element(identifier, encodeUtf8(text));
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on. */
export function encodeTime(unixSeconds: number): Uint8Array {
  const digits = new Date(unixSeconds * 1000).toISOString().replace(/\.\d+|[-:T]/g, "");
  const year = Number(digits.slice(0, 4));
  const isUtc = year >= 1950 && year < 2050;
  return encodeString(isUtc ? tag.utcTime : tag.generalizedTime, isUtc ? digits.slice(2) : digits);
}
