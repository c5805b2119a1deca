import { DerFault } from "./der-problem.ts";
import { tag } from "./tag.ts";

/** True for the string types of DirectoryString (RFC 5280 §4.1.2.4) and the older ones that names still carry. */
export function isStringTag(identifier: number): boolean {
  return stringTags.has(identifier);
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
export function decodeString(identifier: number, content: Uint8Array): string | undefined {
  switch (identifier) {
    case tag.utf8String:
      return decodeUtf8(content);
    case tag.bmpString:
      return decodeWide(content, 2);
    case tag.universalString:
      return decodeWide(content, 4);
    case tag.teletexString:
      // X.680 says T.61; what issuers wrote there is Latin-1.
      return decodeLatin1(content);
    default:
      return decodeAscii(content);
  }
}

/** IA5String content: RFC 5280 uses it for e-mail, DNS names and URIs. */
export function readIa5(bytes: Uint8Array, offset: number): string {
  const text = decodeAscii(bytes);
  if (text === undefined) throw new DerFault("der-bad-string", offset, "IA5String: octets below 80");
  return text;
}

export function decodeAscii(content: Uint8Array): string | undefined {
  for (const octet of content) if (octet > 0x7f) return undefined;
  return decodeLatin1(content);
}

/** Pieces are joined, since a spread argument list is bounded by the stack. */
export function decodeLatin1(content: Uint8Array): string {
  let text = "";
  for (let i = 0; i < content.length; i += 4096) {
    text += String.fromCharCode(...content.subarray(i, i + 4096));
  }
  return text;
}

function decodeWide(content: Uint8Array, width: 2 | 4): string | undefined {
  if (content.length % width !== 0) return undefined;
  let text = "";
  for (let i = 0; i < content.length; i += width) {
    let code = 0;
    for (let k = 0; k < width; k++) code = code * 256 + (content[i + k] as number);
    if (code > 0x10ffff || (width === 2 ? false : code >= 0xd800 && code <= 0xdfff)) return undefined;
    text += width === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }
  return text;
}

/** RFC 3629, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
function decodeUtf8(content: Uint8Array): string | undefined {
  const ascii = decodeAscii(content);
  if (ascii !== undefined) return ascii;
  let text = "";
  for (let i = 0; i < content.length; ) {
    const lead = content[i] as number;
    const length =
      lead < 0x80
        ? 1
        : lead >= 0xc2 && lead < 0xe0
          ? 2
          : lead >= 0xe0 && lead < 0xf0
            ? 3
            : lead >= 0xf0 && lead < 0xf5
              ? 4
              : 0;
    if (length === 0 || i + length > content.length) return undefined;
    let code = length === 1 ? lead : lead & (0xff >> (length + 1));
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
