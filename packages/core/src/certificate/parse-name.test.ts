import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DerReader } from "../der/der-reader.ts";
import { encodeElement, encodeOid, encodeSequence, encodeSetOf, encodeUtf8String } from "../der/der-writer.ts";
import { tag } from "../der/tag.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { commonNames, formatName } from "./format-name.ts";
import { foldText, readName } from "./parse-name.ts";

type Value = string | Uint8Array;

const oids: Readonly<Record<string, string>> = { CN: "2.5.4.3", O: "2.5.4.10", OU: "2.5.4.11" };

function attribute(type: string, value: Value): Uint8Array {
  const encoded = typeof value === "string" ? encodeUtf8String(value) : value;
  return encodeSequence(encodeOid(oids[type] ?? type), encoded);
}

/** A list of RDNs, each a list of attributes. */
function nameOf(...rdns: readonly (readonly (readonly [string, Value])[])[]) {
  const encoded = rdns.map((rdn) => encodeSetOf(...rdn.map(([type, value]) => attribute(type, value))));
  return readName(new DerReader(encodeSequence(...encoded)));
}

const cn = (value: Value) => nameOf([["CN", value]]);
const printable = (text: string) => encodeElement(tag.printableString, encodeUtf8(text));
const latin = (...octets: number[]) => encodeElement(tag.teletexString, Uint8Array.from(octets));
const bmp = (text: string) =>
  encodeElement(
    tag.bmpString,
    Uint8Array.from(text.split("").flatMap((unit) => [unit.charCodeAt(0) >> 8, unit.charCodeAt(0) & 255])),
  );

describe("RFC 5280 §7.1: names that are the same", () => {
  test.each<[string, Value, Value]>([
    ["case", "Partner Root", "PARTNER ROOT"],
    ["white space around", "Partner Root", "  Partner Root "],
    ["repeated white space", "Partner Root", "Partner \t  Root"],
    ["another kind of blank", "Partner Root", "Partner\u00a0Root"],
    ["a line separator for a blank", "Partner Root", "Partner\u2028Root"],
    ["the string type", "Partner Root", printable("Partner Root")],
    ["the string type, wide", "Müller", bmp("MÜLLER")],
    ["the string type, Latin-1", "Müller", latin(0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72)],
    ["composition", "M\u00fcller", "Mu\u0308ller"],
    ["compatibility forms", "Partner", "Ｐａｒｔｎｅｒ"],
    ["sharp s", "Straße", "STRASSE"],
    ["capital sharp s", "STRAẞE", "straße"],
    ["a final sigma", "ΟΔΟΣ", "οδος"],
    ["a sigma inside", "ΟΔΟΣ Α", "οδοσ α"],
    ["Cyrillic", "ПАРТНЁР", "партнёр"],
    ["a soft hyphen", "Partner", "Part\u00adner"],
    ["a zero-width space", "Partner", "Part\u200bner"],
    ["a byte order mark", "Partner", "\ufeffPartner"],
    ["a variation selector", "Partner", "Partner\ufe0f"],
    ["a control character", "Partner", "Part\u0000ner"],
    ["Cherokee, whose capitals came first", "\u13a0", "\uab70"],
    ["a direction override", "Partner", "\u202ePartner\u202c"],
  ])("%s", (_, a, b) => expect(cn(a).canonical).toBe(cn(b).canonical));

  test("the order of attributes inside one RDN does not count", () => {
    const a = nameOf([
      ["CN", "x"],
      ["OU", "y"],
    ]);
    const swapped = encodeSequence(encodeElement(0x31, attribute("OU", "y"), attribute("CN", "x")));
    expect(readName(new DerReader(swapped)).canonical).toBe(a.canonical);
  });
});

describe("RFC 5280 §7.1: names that are not the same stay apart", () => {
  test.each<[string, Value, Value]>([
    ["a blank more or less between letters", "PartnerRoot", "Partner Root"],
    ["an accent", "Muller", "Müller"],
    ["dotless i", "Partner\u0131", "Partneri"],
    ["dotted capital I", "\u0130", "I"],
    ["a letter of another script", "Partner", "P\u0430rtner"],
    ["a hyphen", "Partner-Root", "Partner Root"],
    ["no value and a blank less one", "a", "b"],
    ["text and the hex of its encoding", "0c0141", encodeElement(0x80, Uint8Array.of(0x41))],
    ["two values without text", encodeElement(0x80, Uint8Array.of(1)), encodeElement(0x80, Uint8Array.of(2))],
    ["bad UTF-8 and its replacement", encodeElement(tag.utf8String, Uint8Array.of(0xff)), "\ufffd"],
  ])("%s", (_, a, b) => expect(cn(a).canonical).not.toBe(cn(b).canonical));

  test.each([
    ["the type", nameOf([["CN", "x"]]), nameOf([["O", "x"]])],
    ["the number of RDNs", nameOf([["CN", "x"]], [["CN", "x"]]), nameOf([["CN", "x"]])],
    ["the order of RDNs", nameOf([["CN", "x"]], [["O", "y"]]), nameOf([["O", "y"]], [["CN", "x"]])],
    [
      "one RDN of two and two RDNs",
      nameOf([
        ["CN", "x"],
        ["O", "y"],
      ]),
      nameOf([["CN", "x"]], [["O", "y"]]),
    ],
    ["a value that spells a separator", nameOf([["CN", "x][2.5.4.10:1=y"]]), nameOf([["CN", "x"]], [["O", "y"]])],
    [
      "a value that spells a second attribute",
      nameOf([["CN", "x+2.5.4.10:1=y"]]),
      nameOf([
        ["CN", "x"],
        ["O", "y"],
      ]),
    ],
    ["a value that spells hex", nameOf([["CN", "#80"]]), nameOf([["CN", encodeElement(0x80)]])],
    ["the empty name and an empty value", nameOf(), nameOf([["CN", ""]])],
  ])("%s", (_, a, b) => expect(a.canonical).not.toBe(b.canonical));

  test("no list of values can be told as another one", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "=", "+", ":", "[", "]", "#", "1", "2", "."), maxLength: 6 });
    const names = fc.array(fc.array(fc.tuple(fc.constantFrom("CN", "O"), text), { minLength: 1, maxLength: 2 }), {
      maxLength: 3,
    });
    const shape = (rdns: readonly (readonly (readonly [string, string])[])[]) =>
      JSON.stringify(rdns.map((rdn) => rdn.map((pair) => JSON.stringify(pair)).toSorted()));
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(nameOf(...a).canonical === nameOf(...b).canonical).toBe(shape(a) === shape(b));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("folding a text", () => {
  test("is done once for all: folding again changes nothing", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => foldText(foldText(text)) === foldText(text)));
  });

  test("does not depend on the case of ASCII, whatever stands around it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme-ascii" }), (a, b) => {
        expect(foldText(a + b.toUpperCase())).toBe(foldText(a + b.toLowerCase()));
      }),
    );
  });
});

describe("work on a hostile name is bounded", () => {
  const many = (count: number) => Array.from({ length: count }, () => ["CN", "x"] as const);

  test("256 attributes are read, in one RDN or in many, and no more", () => {
    expect(nameOf(...many(256).map((pair) => [pair])).rdns).toHaveLength(256);
    expect(nameOf(many(256)).rdns[0]).toHaveLength(256);
    expect(() => nameOf(...many(257).map((pair) => [pair]))).toThrow(/der-too-many-names/);
    expect(() => nameOf(many(257))).toThrow(/der-too-many-names/);
    expect(() => nameOf(many(200), many(57))).toThrow(/der-too-many-names/);
  });

  // Normalising takes the square of a run of combining marks: minutes for these, were it tried.
  test.each([
    ["alternating", "\u0301\u0323".repeat(500_000)],
    ["in falling order", "\u0301".repeat(500_000) + "\u0316".repeat(500_000)],
    ["kept apart by what is dropped", "\u0301\u200b".repeat(300_000) + "\u0316\u200b".repeat(300_000)],
  ])("a million combining marks %s fold to themselves at once", (_, marks) => {
    expect(foldText(`A${marks}`)).toBe(`A${marks.replaceAll("\u200b", "")}`);
  });

  test("30 combining marks in a row are put in order, as UAX #15 §13 allows", () => {
    const [above, below] = ["\u0301".repeat(15), "\u0316".repeat(15)];
    expect(foldText(`X${above}${below}`)).toBe(foldText(`x${below}${above}`));
    expect(foldText(`X${above}${below}\u0301`)).not.toBe(foldText(`x${below}${above}\u0301`));
  });
});

describe("a name that repeats another", () => {
  test("is the same value when its bytes are the same, and the reader goes on behind it", () => {
    const first = cn("Root");
    const reader = new DerReader(Uint8Array.of(...first.der, 5, 0));
    expect(readName(reader, first)).toBe(first);
    expect(reader.next()).toBe(tag.null);
    expect(readName(new DerReader(cn("Other").der), first)).not.toBe(first);
  });
});

describe("a name for people", () => {
  test("most specific RDN first, as mETS shows it; inside an RDN the order of the encoding", () => {
    const name = nameOf(
      [["2.5.4.6", printable("DE")]],
      [["O", "Partner"]],
      [
        ["OU", "PKI"],
        ["CN", "Root"],
      ],
    );
    expect(formatName(name)).toBe("OU=PKI + CN=Root, O=Partner, C=DE");
  });

  test.each([
    ["a,b", "a\\,b"],
    ["a+b", "a\\+b"],
    ['"<;>\\', '\\"\\<\\;\\>\\\\'],
    [" x ", "\\ x\\ "],
    ["#x", "\\#x"],
    ["x#y z", "x#y z"],
    ["a\0b", "a\\00b"],
    ["", ""],
  ])("RFC 4514 §2.4: %j is written %s", (value, shown) => expect(formatName(cn(value))).toBe(`CN=${shown}`));

  test("types without keyword are dotted decimal, values without text are hex", () => {
    expect(formatName(nameOf([["1.2.3.4", "x"]]))).toBe("1.2.3.4=x");
    expect(formatName(cn(encodeElement(0x80, Uint8Array.of(1))))).toBe("CN=#800101");
    expect(formatName(nameOf())).toBe("");
  });

  test("no two different names of text look alike", () => {
    expect(formatName(cn("a, O=b"))).not.toBe(formatName(nameOf([["O", "b"]], [["CN", "a"]])));
  });

  test("every Common Name is found, wherever it stands", () => {
    expect(
      commonNames(
        nameOf(
          [["CN", "a"]],
          [
            ["O", "b"],
            ["CN", "c"],
          ],
        ),
      ),
    ).toEqual(["a", "c"]);
    expect(commonNames(cn(encodeElement(0x80)))).toEqual([]);
  });
});
