import { compareGenerations } from "./generation.ts";
import { type KeySuccessor, type PublicSigningKey, successorBytes } from "./key-successor.ts";
import type { Generation, Network } from "./manifest-entry.ts";

/** The signing keys that a node knows: those pinned when it was enrolled, and their successors, oldest first. */
export type KeyRing = {
  readonly network: Network;
  readonly pinned: readonly PublicSigningKey[];
  readonly successors: readonly KeySuccessor[];
};

export type KeyRingCrypto = {
  readonly verify: (key: PublicSigningKey, data: Uint8Array, signature: string) => boolean;
  /** The id that a key has by its SPKI. */
  readonly keyIdOf: (spki: string) => string;
};

export type SuccessorDecision =
  | { readonly take: "accept"; readonly ring: KeyRing }
  /** Known already, or of keys from before this node was enrolled. */
  | { readonly take: "ignore" }
  | { readonly take: "reject"; readonly detail: string };

/** A key names one successor, once: whoever gets hold of a key that has retired can name no other. */
export function takeSuccessor(ring: KeyRing, said: KeySuccessor, crypto: KeyRingCrypto): SuccessorDecision {
  const { keyId, successor } = said;
  if (said.network !== ring.network) return reject(`It is for ${said.network}.`);
  const old = findKey(ring, keyId);
  if (old === undefined) return { take: "ignore" };
  const known = ring.successors.find((other) => other.keyId === keyId);
  if (known !== undefined) {
    const isSame = known.successor.keyId === successor.keyId && known.successor.spki === successor.spki;
    return isSame ? { take: "ignore" } : reject(`Key ${keyId} has retired for ${known.successor.keyId}.`);
  }
  if (crypto.keyIdOf(successor.spki) !== successor.keyId)
    return reject(`Key ${successor.keyId} is not what it is called.`);
  if (findKey(ring, successor.keyId) !== undefined) return reject(`Key ${successor.keyId} is known already.`);
  if (!crypto.verify(old, successorBytes(said), said.signature)) return reject("The signature does not verify.");
  return { take: "accept", ring: { ...ring, successors: [...ring.successors, said] } };
}

function reject(detail: string): SuccessorDecision {
  return { take: "reject", detail };
}

export function findKey({ pinned, successors }: KeyRing, keyId: string): PublicSigningKey | undefined {
  return [...pinned, ...successors.map(({ successor }) => successor)].find((key) => key.keyId === keyId);
}

/** From which generation on the key signs nothing; undefined: it is in use. */
function retiredFrom({ successors }: KeyRing, keyId: string): Generation | undefined {
  return successors.find((successor) => successor.keyId === keyId)?.from;
}

/**
 * Whether a signature of that key over an entry of that generation can count. What is announced comes under a key in use: one that
 * has retired vouches for nothing new. What a node has on its disk from before then stays good.
 */
export function judgeKey(
  ring: KeyRing,
  keyId: string,
  generation: Generation,
  source: "announced" | "stored",
): "usable" | "retired" | "unknown" {
  if (findKey(ring, keyId) === undefined) return "unknown";
  const from = retiredFrom(ring, keyId);
  if (from === undefined) return "usable";
  return source === "stored" && compareGenerations(generation, from) < 0 ? "usable" : "retired";
}
