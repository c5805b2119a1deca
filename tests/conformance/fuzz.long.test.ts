import { describe, expect, test } from "vitest";
import { fuzzMutations, fuzzPkis, hasOpenSsl } from "./fuzz-run.ts";

const seed = Math.floor(Math.random() * 0x1_0000_0000);

describe(`many mutations and PKIs, seed ${seed}`, () => {
  test("a hundred thousand mutations: no crash, no hang, nothing altered accepted", () => {
    expect(fuzzMutations(100_000, seed)).toEqual([]);
  });

  test("a thousand PKIs: every difference from openssl verify has an explanation", ({ skip }) => {
    skip(!hasOpenSsl(), "there is no openssl on this machine");
    expect(fuzzPkis(1_000, seed)).toEqual([]);
  });
});
