import { describe, expect, test } from "vitest";
import { DerFault, type DerProblem } from "./der-problem.ts";
import { DerReader } from "./der-reader.ts";
import { tag } from "./tag.ts";

function problemOf(run: () => unknown): DerProblem | undefined {
  try {
    run();
  } catch (fault) {
    if (fault instanceof DerFault) return fault.problem;
    throw fault;
  }
  return undefined;
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(" ", ""));
}

describe("X.690 §10.1: definite lengths in the fewest octets", () => {
  test.each([
    ["", "der-truncated", 0],
    ["04", "der-truncated", 0],
    ["04 02 aa", "der-truncated", 0],
    ["04 81", "der-truncated", 1],
    ["04 82 01", "der-truncated", 1],
    ["04 80 aa 00 00", "der-indefinite-length", 1],
    ["30 80 00 00", "der-indefinite-length", 1],
    ["04 81 7f", "der-non-minimal-length", 1],
    ["04 81 00", "der-non-minimal-length", 1],
    ["04 82 00 80", "der-non-minimal-length", 1],
    ["04 83 00 01 00", "der-non-minimal-length", 1],
    ["04 84 00 01 00 00", "der-non-minimal-length", 1],
    ["04 85 00 00 00 00 01 aa", "der-non-minimal-length", 1],
    ["04 85 01 00 00 00 00 aa", "der-truncated", 1],
    ["04 84 ff ff ff ff", "der-truncated", 0],
    ["04 ff", "der-truncated", 1],
    ["1f 1f 00", "der-high-tag", 0],
    ["bf 81 01 00", "der-high-tag", 0],
  ])("%s is refused as %s at byte %i", (hex, code, offset) => {
    expect(problemOf(() => new DerReader(bytes(hex)).next())).toMatchObject({ code, offset });
  });

  test.each([
    [0, 2],
    [127, 2],
    [128, 3],
    [255, 3],
    [256, 4],
    [65_535, 4],
    [65_536, 5],
  ])("content of %i bytes has a header of %i", (length, header) => {
    const octets =
      length < 128
        ? [length]
        : length < 256
          ? [0x81, length]
          : length < 65_536
            ? [0x82, length >> 8, length & 255]
            : [0x83, length >> 16, (length >> 8) & 255, length & 255];
    const reader = new DerReader(Uint8Array.from([tag.octetString, ...octets, ...new Uint8Array(length)]));
    expect(reader.next()).toBe(tag.octetString);
    expect([reader.contentStart, reader.contentEnd - reader.contentStart, reader.atEnd]).toEqual([
      header,
      length,
      true,
    ]);
  });
});

describe("a reader over nested elements", () => {
  // SEQUENCE { INTEGER 5, SEQUENCE { NULL } }
  const nested = bytes("30 07 02 01 05 30 02 05 00");

  test("gives views, not copies", () => {
    const reader = new DerReader(nested);
    const body = reader.enter(tag.sequence, "a list");
    body.expect(tag.integer, "a number");
    expect(body.content().buffer).toBe(nested.buffer);
    expect(body.element()).toEqual(bytes("02 01 05"));
  });

  test("names what it expected and where", () => {
    const body = new DerReader(nested).enter(tag.sequence, "a list");
    expect(problemOf(() => body.expect(tag.oid, "a name"))).toEqual({
      code: "der-unexpected-tag",
      offset: 2,
      expected: "a name",
    });
  });

  test("an element that is missing is truncated at the end of its parent", () => {
    const body = new DerReader(bytes("30 03 02 01 05 05 00")).enter(tag.sequence, "a list");
    body.expect(tag.integer, "a number");
    expect(problemOf(() => body.expect(tag.null, "nothing"))).toMatchObject({ code: "der-truncated", offset: 5 });
    expect([body.atEnd, body.peekTag()]).toEqual([true, -1]);
  });

  test("a child cannot reach beyond its parent", () => {
    const body = new DerReader(bytes("30 03 04 05 aa bb cc dd ee")).enter(tag.sequence, "a list");
    expect(problemOf(() => body.next())).toMatchObject({ code: "der-truncated", offset: 2 });
  });

  test("what follows the last element is trailing data", () => {
    const reader = new DerReader(bytes("05 00 00"));
    reader.expect(tag.null, "nothing");
    expect(problemOf(() => reader.finish("the value"))).toMatchObject({ code: "der-trailing-data", offset: 2 });
  });

  test("stepping in and out is the same as entering", () => {
    const reader = new DerReader(nested);
    const outer = reader.step(tag.sequence, "a list");
    reader.expect(tag.integer, "a number");
    const inner = reader.step(tag.sequence, "a list");
    expect(problemOf(() => reader.leave(inner, "the inner list"))).toMatchObject({
      code: "der-trailing-data",
      offset: 7,
    });
    reader.expect(tag.null, "nothing");
    reader.leave(inner, "the inner list");
    reader.leave(outer, "the list");
    expect(reader.atEnd).toBe(true);
  });

  test("offsets count from the start of the whole input", () => {
    expect(problemOf(() => new DerReader(bytes("00 00 04 81 05"), 2).next())).toMatchObject({ offset: 3 });
  });
});
