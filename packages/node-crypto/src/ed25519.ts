import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** False, never a throw, for whatever is not a valid Ed25519 signature under the key. */
export function verifyEd25519(spki: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed25519" && verify(null, data, key, signature);
  } catch {
    return false;
  }
}

export function signEd25519(privateKey: KeyObject, data: Uint8Array): Uint8Array {
  return sign(null, data, privateKey);
}
