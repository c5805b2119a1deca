import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CanonicalValue, canonicalJson } from "./canonical-json.ts";

describe("RFC 8785: one text for one value", () => {
  test.each<[CanonicalValue, string]>([
    [null, "null"],
    [true, "true"],
    [0, "0"],
    [-0, "0"],
    [-17, "-17"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    ["", '""'],
    ['a"\\\n\u0001é€', '"a\\"\\\\\\n\\u0001é€"'],
    [[], "[]"],
    [[3, 1, 2], "[3,1,2]"],
    [{}, "{}"],
    [{ b: 1, a: [{ d: null, c: "x" }] }, '{"a":[{"c":"x","d":null}],"b":1}'],
    [{ "€": 1, "\r": 2, "1": 3, ö: 4, "": 5 }, '{"":5,"\\r":2,"1":3,"ö":4,"€":1}'],
  ])("%j is %s", (value, text) => expect(canonicalJson(value)).toBe(text));

  test.each([1.5, Number.NaN, Infinity, 2 ** 53])("%d is refused: it has no one text", (number) => {
    expect(() => canonicalJson(number)).toThrow(TypeError);
    expect(() => canonicalJson({ a: [number] })).toThrow(TypeError);
  });

  test("undefined is refused rather than dropped", () => {
    const value = { a: undefined } as unknown as CanonicalValue;
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test("the order in which members were added does not count, and it is JSON", () => {
    const leaf = fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const value = fc.letrec<{ any: CanonicalValue }>((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("any")), fc.dictionary(fc.string(), tie("any"))),
    })).any;
    fc.assert(
      fc.property(value, (any) => {
        const text = canonicalJson(any);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(reversed(any))).toBe(text);
      }),
    );
  });

  function reversed(value: CanonicalValue): CanonicalValue {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(reversed);
    const members = Object.entries(value).toReversed();
    return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]));
  }
});
