import { describe, expect, test } from "vitest";
import { DerFault, type DerProblem } from "./der-problem.ts";
import { DerReader } from "./der-reader.ts";
import { encodeOid } from "./der-writer.ts";
import { readOid } from "./oid.ts";

function read(bytes: Uint8Array): string | DerProblem {
  try {
    return readOid(new DerReader(bytes));
  } catch (fault) {
    if (fault instanceof DerFault) return fault.problem;
    throw fault;
  }
}

function oid(content: string): Uint8Array {
  const octets = Uint8Array.fromHex(content.replaceAll(" ", ""));
  return Uint8Array.of(6, octets.length, ...octets);
}

describe("X.690 §8.19: OBJECT IDENTIFIER", () => {
  test.each([
    ["00", "0.0"],
    ["27", "0.39"],
    ["28", "1.0"],
    ["4f", "1.39"],
    ["50", "2.0"],
    ["7f", "2.47"],
    ["88 37", "2.999"],
    ["55 1d 13", "2.5.29.19"],
    ["2a 86 48 86 f7 0d 01 01 0b", "1.2.840.113549.1.1.11"],
    ["2a 82 80 80 80 80 80 80 80 80 00", "1.2.18446744073709551616"],
  ])("%s is %s", (content, text) => expect(read(oid(content))).toBe(text));

  test.each([
    ["", 2, "no arc at all"],
    ["80 01", 2, "an arc with a leading zero"],
    ["2a 80 01", 3, "a later arc with a leading zero"],
    ["2a 86", 3, "an arc without its end"],
    ["ff".repeat(64), 65, "64 octets without an end"],
    [`2a${"01".repeat(64)}`, 2, "65 octets"],
  ])("%s is refused at byte %i: %s", (content, offset) => {
    expect(read(oid(content))).toMatchObject({ code: "der-bad-oid", offset });
  });

  test("64 octets are the limit", () => {
    expect(read(oid(`2a${"01".repeat(63)}`))).toBe(`1.2${".1".repeat(63)}`);
  });

  test("the tag must be that of an OBJECT IDENTIFIER", () => {
    expect(read(Uint8Array.of(0x0d, 1, 0x2a))).toMatchObject({ code: "der-unexpected-tag", offset: 0 });
  });

  test("an input that its owner overwrites later changes no identifier read from others", () => {
    const original = encodeOid("1.3.6.1.4.1.99999.1");
    const input = Buffer.from(original);
    expect(read(input)).toBe("1.3.6.1.4.1.99999.1");
    input[input.length - 1] = 2;
    expect(read(input)).toBe("1.3.6.1.4.1.99999.2");
    expect(read(original)).toBe("1.3.6.1.4.1.99999.1");
  });

  test("identifiers of one hash stay apart", () => {
    // 31 · 2 + 33 = 31 · 3 + 2 in the hash of the cache.
    const [a, b] = [oid("02 21"), oid("03 02")];
    expect([read(a), read(b), read(a), read(b)]).toEqual(["0.2.33", "0.3.2", "0.2.33", "0.3.2"]);
  });
});
