import { DerFault } from "../der/der-problem.ts";
import type { DerReader } from "../der/der-reader.ts";
import { readSmallInteger } from "../der/primitive.ts";
import { readIa5 } from "../der/string.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import type { GeneralName, NameConstraints } from "./general-name.ts";
import { readName } from "./parse-name.ts";

/** Bounds what one certificate can make every path through it cost; BetterTLS and x509-limbo stay far below. */
const maxGeneralNames = 1_024;

/** RFC 5280 §4.2.1.6: SEQUENCE SIZE (1..MAX) OF GeneralName. */
export function readGeneralNames(reader: DerReader, expectedTag: number = tag.sequence): readonly GeneralName[] {
  const names = reader.enter(expectedTag, "GeneralNames");
  if (names.atEnd) throw new DerFault("der-empty-sequence", names.position, "at least one GeneralName");
  const list: GeneralName[] = [];
  while (!names.atEnd) {
    if (list.length === maxGeneralNames) throw tooMany(names.position);
    list.push(readGeneralName(names));
  }
  return list;
}

function tooMany(offset: number): DerFault {
  return new DerFault("der-too-many-names", offset, `at most ${maxGeneralNames} names`);
}

function readGeneralName(reader: DerReader): GeneralName {
  const at = reader.position;
  const identifier = reader.next();
  switch (identifier) {
    case contextTag(1):
      return { form: "rfc822Name", text: readIa5(reader.content(), at) };
    case contextTag(2):
      return { form: "dNSName", text: readIa5(reader.content(), at) };
    case contextTag(6):
      return { form: "uniformResourceIdentifier", text: readIa5(reader.content(), at) };
    case contextTag(7):
      return { form: "iPAddress", octets: reader.content() };
    case contextConstructedTag(4):
      return readDirectoryName(reader);
    case contextConstructedTag(0):
      return { form: "otherName", der: reader.element() };
    case contextConstructedTag(3):
      return { form: "x400Address", der: reader.element() };
    case contextConstructedTag(5):
      return { form: "ediPartyName", der: reader.element() };
    case contextTag(8):
      return { form: "registeredID", der: reader.element() };
    default:
      throw new DerFault("der-unexpected-tag", at, "a GeneralName");
  }
}

/** Name is a CHOICE, so its tag is explicit even in a module of implicit tags. */
function readDirectoryName(reader: DerReader): GeneralName {
  reader.position = reader.start;
  const inner = reader.enter(contextConstructedTag(4), "a directoryName");
  const name = readName(inner);
  inner.finish("a directoryName");
  return { form: "directoryName", name };
}

/** RFC 5280 §4.2.1.10. */
export function readNameConstraints(reader: DerReader): NameConstraints {
  const body = reader.enter(tag.sequence, "NameConstraints");
  if (body.atEnd) throw new DerFault("der-empty-sequence", body.position, "permitted or excluded subtrees");
  const found = { hasMinimumOrMaximum: false };
  const permittedSubtrees = readSubtrees(body, 0, found);
  const excludedSubtrees = readSubtrees(body, 1, found);
  body.finish("NameConstraints");
  if (permittedSubtrees.length + excludedSubtrees.length > maxGeneralNames) throw tooMany(reader.start);
  return { permittedSubtrees, excludedSubtrees, hasMinimumOrMaximum: found.hasMinimumOrMaximum };
}

function readSubtrees(
  body: DerReader,
  number: number,
  found: { hasMinimumOrMaximum: boolean },
): readonly GeneralName[] {
  const expected = contextConstructedTag(number);
  if (body.peekTag() !== expected) return [];
  const subtrees = body.enter(expected, "GeneralSubtrees");
  if (subtrees.atEnd) throw new DerFault("der-empty-sequence", subtrees.position, "at least one GeneralSubtree");
  const list: GeneralName[] = [];
  while (!subtrees.atEnd) {
    if (list.length === maxGeneralNames) throw tooMany(subtrees.position);
    const subtree = subtrees.enter(tag.sequence, "a GeneralSubtree");
    list.push(readGeneralName(subtree));
    if (readBaseDistance(subtree, 0) > 0) found.hasMinimumOrMaximum = true;
    if (subtree.peekTag() === contextTag(1)) {
      readBaseDistance(subtree, 1);
      found.hasMinimumOrMaximum = true;
    }
    subtree.finish("a GeneralSubtree");
  }
  return list;
}

function readBaseDistance(subtree: DerReader, number: number): number {
  return subtree.peekTag() === contextTag(number) ? readSmallInteger(subtree, contextTag(number)) : 0;
}
