import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** The kinds of key this product makes for its own certificates. */
export type KeyType = keyof typeof generators;

export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const generators = {
  p256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  p384: () => generateKeyPairSync("ec", { namedCurve: "P-384" }),
  p521: () => generateKeyPairSync("ec", { namedCurve: "P-521" }),
  rsa2048: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  rsa3072: () => generateKeyPairSync("rsa", { modulusLength: 3072 }),
  rsa4096: () => generateKeyPairSync("rsa", { modulusLength: 4096 }),
  ed25519: () => generateKeyPairSync("ed25519"),
  ed448: () => generateKeyPairSync("ed448"),
  "ml-dsa-44": () => generateKeyPairSync("ml-dsa-44"),
  "ml-dsa-65": () => generateKeyPairSync("ml-dsa-65"),
  "ml-dsa-87": () => generateKeyPairSync("ml-dsa-87"),
} as const;

/** A fresh key pair. Synchronous: an EC or Edwards key takes well under a millisecond, RSA hundreds of them. */
export function generateKeyPair(type: KeyType): KeyPair {
  return generators[type]();
}

/** PKCS#8 PEM, unencrypted: for TLS in memory, or a file of mode 0600. */
export function privateKeyPem(privateKey: KeyObject): string {
  return privateKey.export({ type: "pkcs8", format: "pem" });
}
