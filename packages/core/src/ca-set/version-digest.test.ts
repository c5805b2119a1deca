import { nodeCrypto } from "@tcm/node-crypto";
import { describe, expect, test } from "vitest";
import { checkCaSetName } from "./ca-set-name.ts";
import { versionDigest } from "./version-digest.ts";

const options = { requireRootCertificate: true, allowInsecureSha1: false, allowDuplicateCommonNames: false };
const [a, b] = ["aa".repeat(32), "bb".repeat(32)];
const digest = (fingerprints: readonly string[], more: Partial<typeof options> = {}) =>
  versionDigest(fingerprints, { ...options, ...more }, nodeCrypto);

describe("two versions are equal with the same certificates under the same options", () => {
  test("the order does not count, nor do copies", () => {
    expect(digest([a, b])).toBe(digest([b, a]));
    expect(digest([a, b, a])).toBe(digest([a, b]));
    expect(digest([a, b])).toMatch(/^[0-9a-f]{64}$/);
  });

  test("each certificate and each option counts", () => {
    const all = [
      digest([a]),
      digest([b]),
      digest([a, b]),
      digest([]),
      digest([a], { requireRootCertificate: false }),
      digest([a], { allowInsecureSha1: true }),
      digest([a], { allowDuplicateCommonNames: true }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("names of CA sets", () => {
  test.each(["abc", "a".repeat(64), "A-b_c.d%20", "..a", "a..b"])("%s is one", (name) => {
    expect(checkCaSetName(name)).toBeUndefined();
  });

  test.each([
    ["ab", "length"],
    ["a".repeat(65), "length"],
    ["", "length"],
    ["a b", "characters"],
    ["a/b", "characters"],
    ["äbc", "characters"],
    ["abc\n", "characters"],
    ["a...b", "dots"],
    ["....", "dots"],
  ])("%j is none: %s", (name, problem) => expect(checkCaSetName(name)).toBe(problem));
});
