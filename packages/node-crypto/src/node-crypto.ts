import { constants, createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import type { CryptoPort, SignatureScheme, SubjectPublicKeyInfo } from "@tcm/core";

/** The core's crypto port on OpenSSL through `node:crypto`. */
export const nodeCrypto: CryptoPort = {
  sha256: (data) => hash("sha256", data, "hex"),
  verifySignature(scheme, key, data, signature) {
    try {
      return verifyWith(scheme, keyObjectOf(key), data, signature);
    } catch {
      // A key or signature that the library refuses to read verifies nothing.
      return false;
    }
  },
};

/** Making a KeyObject costs as much as a P-256 verification; a CA's key is used again and again. */
const keyObjects = new WeakMap<SubjectPublicKeyInfo, KeyObject>();

function keyObjectOf(key: SubjectPublicKeyInfo): KeyObject {
  let object = keyObjects.get(key);
  if (object === undefined) {
    object = createPublicKey({ key: asBuffer(key.der), format: "der", type: "spki" });
    keyObjects.set(key, object);
  }
  return object;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function verifyWith(scheme: SignatureScheme, key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  switch (scheme.type) {
    case "rsa-pkcs1":
      return verify(scheme.hash, data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    case "rsa-pss": {
      const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
      return verify(scheme.hash, data, options, signature);
    }
    case "ecdsa":
      return verify(scheme.hash, data, key, signature);
    default:
      return verify(null, data, key, signature);
  }
}
