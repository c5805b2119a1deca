import { DerFault } from "./der-problem.ts";
import { tag } from "./tag.ts";

/** True for the string types of DirectoryString (RFC 5280 §4.1.2.4) and the older ones that names still carry. */
export function isStringTag(identifier: number): boolean {
  return stringTags.has(identifier);
}

/** X.690 §10.2: DER has no constructed strings. */
export function isConstructedString(identifier: number): boolean {
  const primitive = identifier & ~0x20;
  return (
    identifier !== primitive &&
    (stringTags.has(primitive) || primitive === tag.bitString || primitive === tag.octetString)
  );
}

const stringTags: ReadonlySet<number> = new Set([
  tag.utf8String,
  tag.numericString,
  tag.printableString,
  tag.teletexString,
  tag.ia5String,
  tag.visibleString,
  tag.universalString,
  tag.bmpString,
]);

/** Text of a string value, or undefined when its bytes are not of its type. */
export function decodeString(
  identifier: number,
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): string | undefined {
  switch (identifier) {
    case tag.utf8String:
      return decodeAscii(bytes, start, end) ?? decodeUtf8(bytes.subarray(start, end));
    case tag.bmpString:
      return decodeWide(bytes.subarray(start, end), 2);
    case tag.universalString:
      return decodeWide(bytes.subarray(start, end), 4);
    case tag.teletexString:
      // X.680 says T.61; what issuers wrote there is Latin-1.
      return decodeLatin1(bytes, start, end);
    default:
      return decodeAscii(bytes, start, end);
  }
}

/** IA5String content: RFC 5280 uses it for e-mail, DNS names and URIs. */
export function readIa5(bytes: Uint8Array, offset: number): string {
  const text = decodeAscii(bytes, 0, bytes.length);
  if (text === undefined) throw new DerFault("der-bad-string", offset, "IA5String: octets below 80");
  return text;
}

function decodeAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  for (let i = start; i < end; i++) if ((bytes[i] as number) > 0x7f) return undefined;
  return decodeLatin1(bytes, start, end);
}

/** An argument list is bounded by the stack, hence pieces; a plain array spreads eight times faster than a typed one. */
function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let from = start; from < end; from += maxCodes) {
    const codes = codesOf(Math.min(end - from, maxCodes));
    for (let i = 0; i < codes.length; i++) codes[i] = bytes[from + i] as number;
    text += String.fromCharCode(...codes);
  }
  return text;
}

const maxCodes = 128;
/** One array for each length, used again for every string of that length: a certificate has a dozen. */
const codesByLength: number[][] = [];

function codesOf(length: number): number[] {
  return (codesByLength[length] ??= Array.from({ length }, () => 0));
}

/** ISO 10646 has no surrogates of its own; issuers write UTF-16 pairs into BMPString, so only lone ones are refused. */
function decodeWide(content: Uint8Array, width: 2 | 4): string | undefined {
  if (content.length % width !== 0) return undefined;
  let text = "";
  for (let i = 0; i < content.length; i += width) {
    let code = 0;
    for (let k = 0; k < width; k++) code = code * 256 + (content[i + k] as number);
    if (code > 0x10ffff || (width === 4 && code >= 0xd800 && code <= 0xdfff)) return undefined;
    text += width === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  return text.isWellFormed() ? text : undefined;
}

/** RFC 3629, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
function decodeUtf8(content: Uint8Array): string | undefined {
  let text = "";
  for (let i = 0; i < content.length; ) {
    const length = sequenceLength(content[i] as number);
    if (length === 0 || i + length > content.length) return undefined;
    let code = (content[i] as number) & (length === 1 ? 0x7f : 0xff >> (length + 1));
    for (let k = 1; k < length; k++) {
      const octet = content[i + k] as number;
      if ((octet & 0xc0) !== 0x80) return undefined;
      code = code * 64 + (octet & 0x3f);
    }
    const smallest = length === 3 ? 0x800 : length === 4 ? 0x10000 : 0;
    if (code < smallest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    text += String.fromCodePoint(code);
    i += length;
  }
  return text;
}

/** Octets of a character by its first one; 0 for one that starts none. */
function sequenceLength(lead: number): 0 | 1 | 2 | 3 | 4 {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
