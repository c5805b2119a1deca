import { DerFault } from "./der-problem.ts";
import type { DerReader } from "./der-reader.ts";
import { tag } from "./tag.ts";

/** Longer ones do not occur; bounds the work of printing one. */
const maxOidOctets = 64;

/** By a hash of the octets; of those that share one the first is kept. */
const known = new Map<number, { readonly octets: Uint8Array; readonly text: string }>();
const maxKnownOids = 512;

/** An OBJECT IDENTIFIER as dotted decimal. Texts seen before are shared: certificates repeat the same few dozen. */
export function readOid(reader: DerReader, expectedTag: number = tag.oid): string {
  reader.expect(expectedTag, "an OBJECT IDENTIFIER");
  const { bytes, contentStart, contentEnd } = reader;
  let hash = contentEnd - contentStart;
  for (let i = contentStart; i < contentEnd; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  const before = known.get(hash);
  if (before !== undefined && matches(bytes, contentStart, contentEnd, before.octets)) return before.text;
  const text = decodeOid(bytes, contentStart, contentEnd);
  if (known.size < maxKnownOids && before === undefined) {
    // Copied: a Buffer's own slice is a view, and its owner may write other bytes there.
    known.set(hash, { octets: Uint8Array.from(bytes.subarray(contentStart, contentEnd)), text });
  }
  return text;
}

function matches(bytes: Uint8Array, start: number, end: number, octets: Uint8Array): boolean {
  if (octets.length !== end - start) return false;
  for (let i = 0; i < octets.length; i++) if (octets[i] !== bytes[start + i]) return false;
  return true;
}

/** X.690 §8.19: base-128 arcs, each in its shortest form. */
function decodeOid(bytes: Uint8Array, start: number, end: number): string {
  if (start === end || end - start > maxOidOctets) throw new DerFault("der-bad-oid", start, "1 to 64 octets");
  const arcs: string[] = [];
  let value = 0n;
  let fresh = true;
  for (let i = start; i < end; i++) {
    const octet = bytes[i] as number;
    if (fresh && octet === 0x80) throw new DerFault("der-bad-oid", i, "the shortest form of an arc");
    fresh = (octet & 0x80) === 0;
    value = (value << 7n) | BigInt(octet & 0x7f);
    if (!fresh) continue;
    if (arcs.length === 0) {
      const first = value < 40n ? 0n : value < 80n ? 1n : 2n;
      arcs.push(String(first), String(value - first * 40n));
    } else {
      arcs.push(String(value));
    }
    value = 0n;
  }
  if (!fresh) throw new DerFault("der-bad-oid", end - 1, "the end of the last arc");
  return arcs.join(".");
}
