import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../text/utf8.ts";
import { DerFault } from "./der-problem.ts";
import { decodeString, isConstructedString, isStringTag, readIa5 } from "./string.ts";
import { tag } from "./tag.ts";

const bytes = (hex: string) => Uint8Array.fromHex(hex.replaceAll(" ", ""));

describe("string types of names", () => {
  test.each([
    ["UTF8String", tag.utf8String, "c3 bc e2 82 ac f0 9f 98 80 41", "ü€😀A"],
    ["PrintableString", tag.printableString, "41 42", "AB"],
    ["PrintableString as issuers write it", tag.printableString, "40 2a", "@*"],
    ["NumericString", tag.numericString, "31 32", "12"],
    ["IA5String", tag.ia5String, "61 40 62", "a@b"],
    ["VisibleString", tag.visibleString, "61", "a"],
    ["TeletexString, which is Latin-1 in practice", tag.teletexString, "fc", "ü"],
    ["BMPString", tag.bmpString, "00 41 20 ac", "A€"],
    ["BMPString with a pair of surrogates", tag.bmpString, "d8 3d de 00", "😀"],
    ["UniversalString", tag.universalString, "00 01 f6 00", "😀"],
    ["an empty string", tag.utf8String, "", ""],
  ])("%s", (_, identifier, hex, text) => {
    expect(decodeString(identifier, bytes(hex))).toBe(text);
    expect(isStringTag(identifier)).toBe(true);
  });

  test.each([
    ["overlong", tag.utf8String, "c0 80"],
    ["overlong of three octets", tag.utf8String, "e0 80 80"],
    ["overlong of four octets", tag.utf8String, "f0 80 80 80"],
    ["a surrogate", tag.utf8String, "ed a0 80"],
    ["above U+10FFFF", tag.utf8String, "f4 90 80 80"],
    ["a lead octet that does not exist", tag.utf8String, "f5 80 80 80"],
    ["a continuation without lead", tag.utf8String, "80"],
    ["a lead without continuation", tag.utf8String, "c3"],
    ["a lead followed by a letter", tag.utf8String, "c3 41"],
    ["eight bits in PrintableString", tag.printableString, "fc"],
    ["eight bits in IA5String", tag.ia5String, "80"],
    ["half a character", tag.bmpString, "00"],
    ["a lone surrogate", tag.bmpString, "d8 3d 00 41"],
    ["three octets", tag.universalString, "00 00 00"],
    ["a surrogate of four octets", tag.universalString, "00 00 d8 3d"],
    ["beyond Unicode", tag.universalString, "00 11 00 00"],
  ])("bytes that are not of their type have no text: %s", (_, identifier, hex) => {
    expect(decodeString(identifier, bytes(hex))).toBeUndefined();
  });

  test("a part of the input is decoded in its bounds", () => {
    expect(decodeString(tag.utf8String, bytes("ff 41 42 ff"), 1, 3)).toBe("AB");
    expect(decodeString(tag.bmpString, bytes("ff 00 41 ff"), 1, 3)).toBe("A");
  });

  test("long strings are decoded whole", () => {
    const long = "x".repeat(100_000);
    expect(decodeString(tag.printableString, encodeUtf8(long))).toBe(long);
  });

  test("UTF-8 is read as it is written, and as the platform reads it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => decodeString(tag.utf8String, encodeUtf8(text)) === text),
    );
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (octets) => {
        let expected: string | undefined;
        try {
          expected = strict.decode(octets);
        } catch {
          expected = undefined;
        }
        expect(decodeString(tag.utf8String, octets)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a constructed string is told from a primitive one and from a list", () => {
    expect([0x2c, 0x33, 0x23, 0x24, 0x3e].map(isConstructedString)).toEqual([true, true, true, true, true]);
    expect([tag.utf8String, tag.sequence, tag.set, 0xa0].map(isConstructedString)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test("IA5String refuses eight bits with the offset of its element", () => {
    expect(readIa5(bytes("61 62"), 7)).toBe("ab");
    expect(() => readIa5(bytes("61 e4"), 7)).toThrow(DerFault);
    expect(() => readIa5(bytes("61 e4"), 7)).toThrow(/der-bad-string at byte 7/);
  });
});
