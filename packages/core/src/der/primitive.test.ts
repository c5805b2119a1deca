import { describe, expect, test } from "vitest";
import { DerFault, type DerProblem } from "./der-problem.ts";
import { DerReader } from "./der-reader.ts";
import {
  readBoolean,
  readIntegerOctets,
  readNamedBits,
  readNull,
  readOctetAlignedBits,
  readSmallInteger,
} from "./primitive.ts";
import { contextTag } from "./tag.ts";

function read<T>(hex: string, how: (reader: DerReader) => T): T | DerProblem {
  try {
    return how(new DerReader(Uint8Array.fromHex(hex.replaceAll(" ", ""))));
  } catch (fault) {
    if (fault instanceof DerFault) return fault.problem;
    throw fault;
  }
}

describe("X.690 §11.1: BOOLEAN", () => {
  test.each([
    ["01 01 ff", true],
    ["01 01 00", false],
  ])("%s is %s", (hex, value) => expect(read(hex, readBoolean)).toBe(value));

  test.each(["01 01 01", "01 01 fe", "01 00", "01 02 ff ff"])("%s is refused", (hex) => {
    expect(read(hex, readBoolean)).toMatchObject({ code: "der-bad-boolean", offset: 0 });
  });
});

describe("X.690 §8.3.2: INTEGER in the fewest octets", () => {
  test.each(["02 01 00", "02 01 80", "02 02 00 80", "02 02 ff 7f", "02 01 ff"])("%s is read", (hex) => {
    expect(read(hex, readIntegerOctets)).toEqual(Uint8Array.fromHex(hex.replaceAll(" ", "")).subarray(2));
  });

  test.each([
    ["02 00", 0],
    ["02 02 00 7f", 2],
    ["02 02 00 00", 2],
    ["02 02 ff 80", 2],
    ["02 02 ff ff", 2],
  ])("%s is refused at byte %i", (hex, offset) => {
    expect(read(hex, readIntegerOctets)).toMatchObject({ code: "der-bad-integer", offset });
  });

  test.each([
    ["02 01 00", 0],
    ["02 01 7f", 127],
    ["02 02 00 ff", 255],
    ["02 04 7f ff ff ff", 0x7fffffff],
    ["02 05 00 80 00 00 00", 0x7fffffff],
    ["02 09 00 ff ff ff ff ff ff ff ff", 0x7fffffff],
  ])("%s as a small number is %i, beyond 2^31 the largest", (hex, value) => {
    expect(read(hex, readSmallInteger)).toBe(value);
  });

  test("a negative small number is refused", () => {
    expect(read("02 01 ff", readSmallInteger)).toMatchObject({ code: "der-bad-integer", offset: 2 });
  });

  test("an implicitly tagged number is read under its tag", () => {
    expect(read("80 01 03", (reader) => readSmallInteger(reader, contextTag(0)))).toBe(3);
    expect(read("80 01 03", readSmallInteger)).toMatchObject({ code: "der-unexpected-tag", offset: 0 });
  });
});

describe("X.690 §8.6 and §11.2: BIT STRING", () => {
  test("whole octets come without their count of unused bits", () => {
    expect(read("03 03 00 ab cd", readOctetAlignedBits)).toEqual(Uint8Array.of(0xab, 0xcd));
    expect(read("03 01 00", readOctetAlignedBits)).toEqual(new Uint8Array());
  });

  test.each(["03 00", "03 02 01 aa", "03 01 07", "03 02 08 00"])("%s is no string of whole octets", (hex) => {
    expect(read(hex, readOctetAlignedBits)).toMatchObject({ code: "der-bad-bit-string", offset: 0 });
  });

  test("a constructed BIT STRING is refused (§10.2)", () => {
    expect(read("23 04 03 02 00 aa", readOctetAlignedBits)).toMatchObject({ code: "der-unexpected-tag", offset: 0 });
  });

  test.each([
    ["03 01 00", 0, false],
    ["03 02 07 80", 0b1, false],
    ["03 02 01 06", 0b110_0000, false],
    ["03 03 07 00 80", 0b1_0000_0000, false],
    ["03 02 00 80", 0b1, true],
    ["03 02 05 c0", 0b11, true],
    ["03 05 00 00 00 00 01", 1 << 31, false],
  ])("named bits %s have the mask %i, trailing zeros: %s", (hex, mask, hasTrailingZeros) => {
    expect(read(hex, readNamedBits)).toEqual({ mask, hasTrailingZeros });
  });

  test.each([
    ["03 00", "no count"],
    ["03 01 01", "unused bits of nothing"],
    ["03 02 08 00", "eight unused bits"],
    ["03 02 03 07", "unused bits that are set"],
    ["03 06 00 00 00 00 00 01", "more bits than any extension names"],
  ])("named bits %s are refused: %s", (hex) => {
    expect(read(hex, readNamedBits)).toMatchObject({ code: "der-bad-bit-string", offset: 0 });
  });
});

describe("NULL", () => {
  test("is empty", () => {
    expect(read("05 00", readNull)).toBeUndefined();
    expect(read("05 01 00", readNull)).toMatchObject({ code: "der-bad-value", offset: 0 });
  });
});
