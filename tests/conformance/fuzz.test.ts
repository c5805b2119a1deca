import { describe, expect, test } from "vitest";
import { fuzzMutations, fuzzPkis, hasOpenSsl } from "./fuzz-run.ts";

describe("mutated certificates and revocation lists", () => {
  test("never crash, hang or get an altered certificate accepted", () => {
    expect(fuzzMutations(5_000, 1)).toEqual([]);
  });
});

describe("random small PKIs", () => {
  test("every difference from openssl verify -partial_chain has an explanation", ({ skip }) => {
    skip(!hasOpenSsl(), "there is no openssl on this machine");
    expect(fuzzPkis(25, 1)).toEqual([]);
  });
});
