import { describe, expect, test } from "vitest";
import { toHex } from "../text/hex.ts";
import { type KeyRing, type KeyRingCrypto, judgeKey, takeSuccessor } from "./key-ring.ts";
import { type KeySuccessor, successorBytes } from "./key-successor.ts";

/** Keys are words, and a signature is the key with what it signed: who has the word can sign. */
const crypto: KeyRingCrypto = {
  keyIdOf: (spki) => `id-of-${spki}`,
  verify: ({ spki }, data, signature) => signature === `${spki} ${toHex(data)}`,
};
const key = (spki: string) => ({ keyId: crypto.keyIdOf(spki), spki });
const start: KeyRing = { network: "STAGING", pinned: [key("one")], successors: [] };
const at = (number: number) => ({ epoch: 1, number });

function successor(from: string, to: string, number: number, changes: Partial<KeySuccessor> = {}): KeySuccessor {
  const said = {
    network: "STAGING" as const,
    keyId: key(from).keyId,
    successor: key(to),
    from: at(number),
    ...changes,
  };
  return { signature: `${from} ${toHex(successorBytes(said))}`, ...said };
}

function after(...said: readonly KeySuccessor[]): KeyRing {
  return said.reduce((ring, one) => {
    const decision = takeSuccessor(ring, one, crypto);
    return decision.take === "accept" ? decision.ring : ring;
  }, start);
}

describe("a new signing key is believed by the word of the one before it", () => {
  test("one after the other, for a node that was away during both", () => {
    const ring = after(successor("one", "two", 10), successor("two", "three", 20));
    expect(ring.successors).toHaveLength(2);
    expect(judgeKey(ring, key("three").keyId, at(20), "announced")).toBe("usable");
  });

  test("the same once more changes nothing", () => {
    expect(takeSuccessor(after(successor("one", "two", 10)), successor("one", "two", 10), crypto).take).toBe("ignore");
  });

  test("keys from before this node was enrolled are no business of it", () => {
    expect(takeSuccessor(start, successor("zero", "one", 5), crypto).take).toBe("ignore");
  });

  const forged = "forged";
  test.each<[string, KeyRing, KeySuccessor, string]>([
    ["signed by another", start, { ...successor("one", "two", 10), signature: forged }, "does not verify"],
    ["of another network", start, successor("one", "two", 10, { network: "PRODUCTION" }), "for PRODUCTION"],
    [
      "with another generation than was signed",
      start,
      { ...successor("one", "two", 10), from: at(11) },
      "does not verify",
    ],
    ["under another name", start, successor("one", "two", 10, { successor: { keyId: "id", spki: "two" } }), "called"],
    ["of a key that has retired", after(successor("one", "two", 10)), successor("one", "evil", 12), "has retired"],
    ["back to one that has retired", after(successor("one", "two", 10)), successor("two", "one", 12), "known already"],
  ])("not %s", (_, ring, said, words) => {
    expect(takeSuccessor(ring, said, crypto)).toEqual({ take: "reject", detail: expect.stringContaining(words) });
  });
});

describe("a key that has retired vouches for nothing new", () => {
  const ring = after(successor("one", "two", 10));
  const [one, two] = [key("one").keyId, key("two").keyId];

  test.each([
    ["the old key, announced", one, at(9), "announced", "retired"],
    ["the old key, announced after", one, at(10), "announced", "retired"],
    ["the old key, on the disk from before", one, at(9), "stored", "usable"],
    ["the old key, on the disk, of the first generation that it did not sign", one, at(10), "stored", "retired"],
    ["the old key, on the disk, of a later epoch", one, { epoch: 2, number: 1 }, "stored", "retired"],
    ["the new key, of an earlier generation: signed again", two, at(3), "announced", "usable"],
    ["a stranger's key", "id-of-evil", at(3), "announced", "unknown"],
  ] as const)("%s", (_, keyId, generation, source, verdict) => {
    expect(judgeKey(ring, keyId, generation, source)).toBe(verdict);
  });
});
