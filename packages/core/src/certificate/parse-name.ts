import { DerFault } from "../der/der-problem.ts";
import type { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { decodeString, isStringTag } from "../der/string.ts";
import { tag } from "../der/tag.ts";
import { toHex } from "../text/hex.ts";
import type { AttributeTypeAndValue, Name } from "./name.ts";

/** RFC 5280 §4.1.2.4, `reader` standing before the Name. */
export function readName(reader: DerReader): Name {
  const rdnSequence = reader.enter(tag.sequence, "a Name");
  const der = reader.element();
  return readRdns(rdnSequence, der);
}

/** The RDNs of a Name, also where the Name is tagged implicitly or stands inside a GeneralName. */
function readRdns(rdnSequence: DerReader, der: Uint8Array): Name {
  const rdns: AttributeTypeAndValue[][] = [];
  let canonical = "";
  while (!rdnSequence.atEnd) {
    const rdn = rdnSequence.enter(tag.set, "a RelativeDistinguishedName");
    const attributes = readRdn(rdn);
    rdns.push(attributes);
    canonical += canonicalRdn(attributes);
  }
  return { der, rdns, canonical };
}

function readRdn(set: DerReader): AttributeTypeAndValue[] {
  if (set.atEnd) throw new DerFault("der-empty-sequence", set.position, "at least one attribute in an RDN");
  const attributes: AttributeTypeAndValue[] = [];
  while (!set.atEnd) {
    const attribute = set.enter(tag.sequence, "an AttributeTypeAndValue");
    const type = readOid(attribute);
    if (attribute.atEnd) throw new DerFault("der-truncated", attribute.position, "the value of an attribute");
    const identifier = attribute.next();
    const text = isStringTag(identifier) ? decodeString(identifier, attribute.content()) : undefined;
    attributes.push({ type, text, der: attribute.element() });
    attribute.finish("the value of an attribute");
  }
  return attributes;
}

/**
 * RFC 5280 §7.1: attribute values compare without regard to case, to leading, trailing and repeated white space, and to
 * the string type. Each part carries its length, so that no value can look like two.
 */
function canonicalRdn(attributes: readonly AttributeTypeAndValue[]): string {
  const parts = attributes.map(({ type, text, der }) => {
    const value = text === undefined ? `#${toHex(der)}` : `=${foldText(text)}`;
    return `${type}:${value.length}${value}`;
  });
  return `[${parts.length === 1 ? parts[0] : parts.sort().join("+")}]`;
}

/** Also how Common Names are compared. */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text.normalize("NFKC").toLowerCase().trim().replace(/\s+/gu, " ");
}

/** ASCII without white space that would fold: nothing to normalise. */
const plain = /^(?:[!-~]+(?: [!-~]+)*)?$/;
