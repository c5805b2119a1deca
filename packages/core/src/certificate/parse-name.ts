import { DerFault } from "../der/der-problem.ts";
import type { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { decodeString, isConstructedString, isStringTag } from "../der/string.ts";
import { tag } from "../der/tag.ts";
import { toHex } from "../text/hex.ts";
import type { AttributeTypeAndValue, Name } from "./name.ts";
import { sameBytes } from "./same-bytes.ts";

/** Names in use have a dozen at most; bounds what reading and comparing one can cost. */
const maxAttributes = 256;

function tooMany(offset: number): DerFault {
  return new DerFault("der-too-many-names", offset, `at most ${maxAttributes} attributes in a name`);
}

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
  for (let count = 0; !reader.atEnd; ) {
    const attributes = readRdn(reader);
    count += attributes.length;
    if (count > maxAttributes) throw tooMany(at);
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
  while (!reader.atEnd) {
    if (attributes.length === maxAttributes) throw tooMany(reader.position);
    attributes.push(readAttribute(reader));
  }
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
  return (isStreamSafe(visible) ? foldCharacters(visible) : visible).replace(/ +/g, " ").replace(/^ | $/g, "");
}

function foldCharacters(text: string): string {
  const compatible = text.normalize("NFKC");
  const folded = compatible.replace(cased, foldCase).toLowerCase();
  return folded === compatible ? folded : folded.normalize("NFKC");
}

/**
 * UAX #15 §13: no text has more than 30 combining marks in a row. Putting them in order takes the square of their number,
 * seconds for one certificate full of them; such a text is equal to itself alone.
 */
function isStreamSafe(text: string): boolean {
  return !longRunOfMarks.test(text);
}

const longRunOfMarks = /\p{M}{31}/u;
/** ASCII without white space that would fold: nothing to normalise. */
const plain = /^(?:[!-~]+(?: [!-~]+)*)?$/;
const whiteSpace = /[\t-\r\u0085\p{Z}]/gu;
/** Controls, formatting characters, variation selectors and what else RFC 4518 §2.2 maps to nothing. */
const invisible = /[\p{Cc}\p{Cf}\p{Variation_Selector}\u034f\u1806\ufffc]/gu;
const cased = /\p{Changes_When_Casefolded}/gu;

/** Through upper case, which makes one of ß, ẞ and ss; by single characters, since a final sigma has its own lower case. */
function foldCase(character: string): string {
  return character.toLowerCase().toUpperCase().toLowerCase();
}
