import { DerFault } from "../der/der-problem.ts";
import type { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { decodeString, isConstructedString, isStringTag } from "../der/string.ts";
import { tag } from "../der/tag.ts";
import { toHex } from "../text/hex.ts";
import type { AttributeTypeAndValue, Name } from "./name.ts";
import { sameBytes } from "./same-bytes.ts";

/**
 * RFC 5280 §4.1.2.4, `reader` standing before the Name. `twin` is a name that this one often repeats byte by byte, as the
 * subject of a root its issuer: it is returned then.
 */
export function readName(reader: DerReader, twin?: Name): Name {
  const at = reader.position;
  const outerEnd = reader.step(tag.sequence, "a Name");
  const der = reader.bytes.subarray(at, reader.end);
  if (twin !== undefined && sameBytes(der, twin.der)) {
    reader.position = reader.end;
    reader.end = outerEnd;
    return twin;
  }
  const rdns: AttributeTypeAndValue[][] = [];
  let canonical = "";
  while (!reader.atEnd) {
    const attributes = readRdn(reader);
    rdns.push(attributes);
    canonical += canonicalRdn(attributes);
  }
  reader.leave(outerEnd, "a Name");
  return { der, rdns, canonical };
}

/** Tagged otherwise where it stands alone: nameRelativeToCRLIssuer, RFC 5280 §4.2.1.13. */
export function readRdn(reader: DerReader, expectedTag: number = tag.set): AttributeTypeAndValue[] {
  const outerEnd = reader.step(expectedTag, "a RelativeDistinguishedName");
  if (reader.atEnd) throw new DerFault("der-empty-sequence", reader.position, "at least one attribute in an RDN");
  const attributes: AttributeTypeAndValue[] = [];
  while (!reader.atEnd) attributes.push(readAttribute(reader));
  reader.leave(outerEnd, "a RelativeDistinguishedName");
  return attributes;
}

function readAttribute(reader: DerReader): AttributeTypeAndValue {
  const outerEnd = reader.step(tag.sequence, "an AttributeTypeAndValue");
  const type = readOid(reader);
  if (reader.atEnd) throw new DerFault("der-truncated", reader.position, "the value of an attribute");
  const identifier = reader.next();
  if (isConstructedString(identifier)) throw new DerFault("der-bad-string", reader.start, "a primitive string");
  const { bytes, contentStart, contentEnd } = reader;
  const text = isStringTag(identifier) ? decodeString(identifier, bytes, contentStart, contentEnd) : undefined;
  const der = reader.element();
  reader.leave(outerEnd, "the value of an attribute");
  return { type, text, der };
}

/**
 * RFC 5280 §7.1: attribute values compare without regard to case, to leading, trailing and repeated white space, and to
 * the string type. Each part carries its length, so that no value can look like two.
 */
export function canonicalRdn(attributes: readonly AttributeTypeAndValue[]): string {
  const [first] = attributes;
  if (first !== undefined && attributes.length === 1) return `[${canonicalAttribute(first)}]`;
  return `[${attributes.map(canonicalAttribute).sort().join("+")}]`;
}

function canonicalAttribute({ type, text, der }: AttributeTypeAndValue): string {
  if (text === undefined) return `${type}:#${toHex(der)}`;
  const value = foldText(text);
  return `${type}:${value.length}=${value}`;
}

/**
 * RFC 4518 §2, as RFC 5280 §7.1 asks: what cannot be seen is dropped, white space collapses, compatibility forms and case
 * fold. Also how Common Names are compared.
 */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  const visible = text.replace(whiteSpace, " ").replace(invisible, "");
  const folded = visible.normalize("NFKC").replace(beyondAscii, foldCase).toLowerCase().normalize("NFKC");
  return folded.replace(/ +/g, " ").replace(/^ | $/g, "");
}

/** ASCII without white space that would fold: nothing to normalise. */
const plain = /^(?:[!-~]+(?: [!-~]+)*)?$/;
const whiteSpace = /[\t-\r\u0085\p{Z}]/gu;
/** Controls, formatting characters, variation selectors and what else RFC 4518 §2.2 maps to nothing. */
const invisible = /[\p{Cc}\p{Cf}\p{Variation_Selector}\u034f\u1806\ufffc]/gu;
const beyondAscii = /[^\0-\x7f]/gu;

/** By single characters, since a final sigma has a lower case of its own. Dotless i is another letter than i (RFC 3454 B.2). */
function foldCase(character: string): string {
  return character === "\u0131" ? character : character.toLowerCase().toUpperCase().toLowerCase();
}
