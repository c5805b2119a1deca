import { describe, expect, test } from "vitest";
import { readDerNodes, writeDerNodes } from "../../tools/fuzz/der-tree.ts";
import { mutate } from "../../tools/fuzz/mutate.ts";
import { verifyRevocation } from "../../tools/fuzz/mutation-run.ts";
import { seededRandom } from "../../tools/fuzz/random.ts";
import { readSeeds } from "../../tools/fuzz/seeds.ts";
import { conformanceFolder } from "./conformance-folder.ts";
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

describe("a mutation", () => {
  const { certificates } = readSeeds(conformanceFolder);

  test("by structure starts from the very bytes: every seed is written again as it was read", () => {
    for (const der of certificates)
      expect(Buffer.from(writeDerNodes(readDerNodes(der) ?? []))).toEqual(Buffer.from(der));
  });

  test("of a revocation list starts from one that makes a good client's status known", () => {
    const seeds = readSeeds(conformanceFolder);
    expect(verifyRevocation(seeds, seeds.revocation.crls, "hard-fail").verdict).toBe("accepted");
    expect(verifyRevocation(seeds, [], "hard-fail").verdict).toBe("refused");
  });

  test("is the same for the same seed, so that a finding can be found again", () => {
    const some = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from(
        { length: 50 },
        () => mutate(random.pick(certificates), random.pick(certificates), random).length,
      );
    };
    expect(some(7)).toEqual(some(7));
    expect(some(7)).not.toEqual(some(8));
  });
});
