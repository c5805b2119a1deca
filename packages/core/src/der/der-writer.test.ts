import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../text/hex.ts";
import { DerReader } from "./der-reader.ts";
import {
  encodeAsciiString,
  encodeElement,
  encodeInteger,
  encodeNamedBits,
  encodeOid,
  encodeSetOf,
  encodeTime,
  encodeUtf8String,
} from "./der-writer.ts";
import { readOid } from "./oid.ts";
import { readNamedBits, readSmallInteger } from "./primitive.ts";
import { tag } from "./tag.ts";
import { readTime } from "./time.ts";

describe("writing DER", () => {
  test.each([
    [0, "0400"],
    [127, "047f"],
    [128, "048180"],
    [255, "0481ff"],
    [256, "04820100"],
    [65_536, "0483010000"],
  ])("a length of %i takes the fewest octets", (length, header) => {
    const element = encodeElement(tag.octetString, new Uint8Array(length));
    expect(toHex(element).slice(0, header.length)).toBe(header);
    expect(element.length).toBe(header.length / 2 + length);
  });

  test.each([
    [0, "020100"],
    [127, "02017f"],
    [128, "02020080"],
    [256, "02020100"],
    [2 ** 32, "02050100000000"],
  ])("the integer %d takes the fewest octets", (value, hex) => {
    expect(toHex(encodeInteger(value))).toBe(hex);
  });

  test("a number that is no non-negative integer is refused", () => {
    expect(() => encodeInteger(-1)).toThrow(RangeError);
    expect(() => encodeInteger(1.5)).toThrow(RangeError);
  });

  test.each([
    [[], "030100"],
    [[0], "03020780"],
    [[5, 6], "03020106"],
    [[8], "0303070080"],
  ])("named bits %j end with a one", (positions, hex) => {
    expect(toHex(encodeNamedBits(positions))).toBe(hex);
  });

  test("a SET OF is sorted by encoding", () => {
    const [a, b] = [encodeInteger(1), encodeInteger(2)];
    expect(encodeSetOf(b, a)).toEqual(encodeSetOf(a, b));
  });

  test.each([
    ["1949-12-31T23:59:59Z", "180f31393439313233313233353935395a"],
    ["1950-01-01T00:00:00Z", "170d3530303130313030303030305a"],
    ["2049-12-31T23:59:59Z", "170d3439313233313233353935395a"],
    ["2050-01-01T00:00:00Z", "180f32303530303130313030303030305a"],
  ])("%s takes the type RFC 5280 §4.1.2.5 gives its year", (iso, hex) => {
    expect(toHex(encodeTime(Date.parse(iso) / 1000))).toBe(hex);
  });

  test("a time outside the years 0000 to 9999 is refused", () => {
    const first = Date.parse("0000-01-01T00:00:00Z") / 1000;
    expect(readTime(new DerReader(encodeTime(first)))).toBe(first);
    expect(() => encodeTime(first - 1)).toThrow(RangeError);
    expect(() => encodeTime(Date.parse("9999-12-31T23:59:59Z") / 1000 + 1)).toThrow(RangeError);
    expect(() => encodeTime(Number.NaN)).toThrow(RangeError);
  });

  test("strings that their type cannot hold are refused", () => {
    expect(() => encodeAsciiString("Müller", tag.printableString)).toThrow(RangeError);
    expect(toHex(encodeUtf8String("ü"))).toBe("0c02c3bc");
  });

  test.each(["", "1", "3.1", "1.02", "1..2", "a.b", "0.40", "1.40"])("%j is no object identifier", (text) => {
    expect(() => encodeOid(text)).toThrow(RangeError);
  });

  test("what is written is what the strict reader reads", () => {
    const arc = fc.bigInt({ min: 0n, max: 2n ** 64n });
    const oid = fc.tuple(fc.constantFrom("0", "1", "2"), fc.nat(39), fc.array(arc, { maxLength: 5 }));
    fc.assert(
      fc.property(oid, fc.nat(), fc.uniqueArray(fc.nat(8)), ([root, second, rest], number, bits) => {
        const text = [root, second, ...rest].join(".");
        expect(readOid(new DerReader(encodeOid(text)))).toBe(text);
        expect(readSmallInteger(new DerReader(encodeInteger(number)))).toBe(number);
        const mask = bits.reduce((sum, bit) => sum | (1 << bit), 0);
        expect(readNamedBits(new DerReader(encodeNamedBits(bits)))).toEqual({ mask, hasTrailingZeros: false });
      }),
    );
  });

  test("every second of the years 0001 to 9999 survives", () => {
    const seconds = fc.integer({
      min: Date.parse("0001-01-01T00:00:00Z") / 1000,
      max: Date.parse("9999-12-31T23:59:59Z") / 1000,
    });
    fc.assert(fc.property(seconds, (time) => readTime(new DerReader(encodeTime(time))) === time));
  });
});
