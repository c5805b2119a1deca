import { constants, type KeyObject, sign } from "node:crypto";
import type { SignatureScheme } from "@tcm/core";

/** What a key usually signs certificates with. Throws for keys that sign none. */
export function defaultScheme(privateKey: KeyObject): SignatureScheme {
  const type = privateKey.asymmetricKeyType;
  switch (type) {
    case "rsa":
      return { type: "rsa-pkcs1", hash: "sha256" };
    case "rsa-pss":
      return { type: "rsa-pss", hash: "sha256", saltLength: 32 };
    case "ec":
      return { type: "ecdsa", hash: curveHash[privateKey.asymmetricKeyDetails?.namedCurve ?? ""] ?? "sha256" };
    case "ed25519":
    case "ed448":
    case "ml-dsa-44":
    case "ml-dsa-65":
    case "ml-dsa-87":
      return { type };
    default:
      throw new TypeError(`cannot sign a certificate with a key of type ${type ?? "unknown"}`);
  }
}

/** RFC 5758 §3.2: a hash as strong as the curve. */
const curveHash: Readonly<Record<string, "sha384" | "sha512">> = { secp384r1: "sha384", secp521r1: "sha512" };

/** The counterpart of `nodeCrypto.verifySignature`. */
export function signWith(scheme: SignatureScheme, key: KeyObject, data: Uint8Array): Uint8Array {
  switch (scheme.type) {
    case "rsa-pkcs1":
      return sign(scheme.hash, data, { key, padding: constants.RSA_PKCS1_PADDING });
    case "rsa-pss": {
      const { hash, saltLength } = scheme;
      return sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
    }
    case "ecdsa":
      return sign(scheme.hash, data, key);
    default:
      return sign(null, data, key);
  }
}
