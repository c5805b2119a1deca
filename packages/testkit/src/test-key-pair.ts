import { generateKeyPairSync } from "node:crypto";
import { generateKeyPair, type KeyPair, type KeyType } from "@tcm/node-crypto";

/** Kinds of key that tests need: those of the product, and those it must refuse. */
export type TestKeyType = KeyType | keyof typeof odd;

const odd = {
  rsa1024: () => generateKeyPairSync("rsa", { modulusLength: 1024 }),
  rsaExponent3: () => generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 }),
  rsaPss: () => generateKeyPairSync("rsa-pss", { modulusLength: 2048 }),
  p192: () => generateKeyPairSync("ec", { namedCurve: "prime192v1" }),
  p224: () => generateKeyPairSync("ec", { namedCurve: "secp224r1" }),
  secp256k1: () => generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
  explicitP256: () => generateKeyPairSync("ec", { namedCurve: "P-256", paramEncoding: "explicit" }),
} as const;

function make(type: TestKeyType): KeyPair {
  return type in odd ? odd[type as keyof typeof odd]() : generateKeyPair(type as KeyType);
}

/** RSA keys take hundreds of milliseconds to find, so a process makes its nth one of a kind once. */
const pools = new Map<TestKeyType, KeyPair[]>();

/** Hands out key pairs: all different from one source, RSA ones shared between sources. */
export function keyPairSource(): (type: TestKeyType) => KeyPair {
  const handedOut = new Map<TestKeyType, number>();
  return (type) => {
    if (!type.startsWith("rsa")) return make(type);
    const pool = pools.get(type) ?? [];
    pools.set(type, pool);
    const index = handedOut.get(type) ?? 0;
    handedOut.set(type, index + 1);
    return (pool[index] ??= make(type));
  };
}
