import { assert, json, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { repeatedMember } from "./repeated-member.ts";

describe("a member that one object of a JSON text has twice is found before the text is decoded", () => {
  test.each([
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"b":{"c":[],"c":{}}}', "c"],
    ['[{"x":"y"},{"x":"y","x":"z"}]', "x"],
    ['{"a":"{","a":1}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"":0 , "":0}', ""],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ])("in %s", (text, name) => expect(repeatedMember(text)).toBe(name));

  test.each([
    '{"a":{"a":1},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":["a","a"],"b":"a","c":"a"}',
    '{"a":"\\",\\"a\\":"}',
    '["a","a"]',
    '"a"',
    "",
  ])("and not in %s", (text) => expect(repeatedMember(text)).toBeUndefined());

  test("and in nothing that was made from an object", () => {
    assert(
      property(json(), (text) => {
        expect(repeatedMember(text)).toBeUndefined();
      }),
    );
  });

  test.each([
    "}}]]",
    '{"a',
    '{"a\\',
    '{"\\x":1,"\\x":2',
    ",,,",
    '{{{"a":',
  ])("what is no JSON does no harm: %s", (text) => {
    expect(() => repeatedMember(text)).not.toThrow();
  });
});
