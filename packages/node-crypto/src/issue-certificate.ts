import { createPublicKey, generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  authorityKeyIdentifier,
  basicConstraints,
  type CertificateDescription,
  encodeCertificate,
  encodeTbsCertificate,
  type ExtensionDescription,
  type NameDescription,
  subjectKeyIdentifier,
  type UnixSeconds,
} from "@tcm/core";
import { type SigningAlgorithm, signingAlgorithms } from "./signing-algorithm.ts";

export type KeyType = "p256" | "p384" | "p521" | "rsa1024" | "rsa2048" | "rsa3072" | "rsa4096" | "ed25519" | "ed448";

export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

export function generateKeyPair(type: KeyType): KeyPair {
  switch (type) {
    case "p256":
      return generateKeyPairSync("ec", { namedCurve: "P-256" });
    case "p384":
      return generateKeyPairSync("ec", { namedCurve: "P-384" });
    case "p521":
      return generateKeyPairSync("ec", { namedCurve: "P-521" });
    case "ed25519":
      return generateKeyPairSync("ed25519");
    case "ed448":
      return generateKeyPairSync("ed448");
    default:
      return generateKeyPairSync("rsa", { modulusLength: Number(type.slice(3)) });
  }
}

export type CertificateRequest = {
  readonly subject: NameDescription;
  readonly publicKey: KeyObject;
  /** Who signs; for a self-signed certificate the same name and key again. */
  readonly issuer: { readonly name: NameDescription; readonly privateKey: KeyObject };
  readonly notBefore: UnixSeconds;
  readonly notAfter: UnixSeconds;
  /** 16 random octets with the sign bit clear where absent: RFC 5280 §4.1.2.2 and CA/Browser Forum entropy. */
  readonly serialNumber?: Uint8Array;
  readonly version?: 1 | 3;
  /** Beyond the key identifiers, which are added unless `keyIdentifiers` says otherwise. */
  readonly extensions: readonly ExtensionDescription[];
  readonly keyIdentifiers?: { readonly subject: boolean; readonly authority: boolean };
  /** By the type of the signing key where absent. */
  readonly algorithm?: SigningAlgorithm;
};

/** Issues a certificate and answers its DER. Decides nothing about policy: what is asked for is what is signed. */
export function issueCertificate(request: CertificateRequest): Uint8Array {
  const { subject, publicKey, issuer, notBefore, notAfter, version = 3, extensions } = request;
  const { subject: withSubjectKey, authority: withAuthorityKey } = request.keyIdentifiers ?? {
    subject: true,
    authority: true,
  };
  const spki = publicKey.export({ format: "der", type: "spki" });
  const identifiers = [
    ...(withSubjectKey ? [subjectKeyIdentifier(keyIdentifier(spki))] : []),
    ...(withAuthorityKey ? [authorityKeyIdentifier(keyIdentifierOf(issuer.privateKey))] : []),
  ];
  const description: CertificateDescription = {
    version,
    serialNumber: request.serialNumber ?? randomSerialNumber(),
    issuer: issuer.name,
    subject,
    notBefore,
    notAfter,
    publicKey: spki,
    extensions: version === 1 ? [] : [...identifiers, ...extensions],
  };
  const algorithm = signingAlgorithms[request.algorithm ?? defaultAlgorithm(issuer.privateKey)];
  const tbs = encodeTbsCertificate(description, algorithm.identifier);
  const signature = sign(algorithm.hash, tbs, { key: issuer.privateKey, ...algorithm.options });
  return encodeCertificate(tbs, algorithm.identifier, signature);
}

/** A self-signed CA certificate's request, for the common case. */
export function selfSigned(
  subject: NameDescription,
  keys: KeyPair,
  validity: { readonly notBefore: UnixSeconds; readonly notAfter: UnixSeconds },
  extensions: readonly ExtensionDescription[] = [basicConstraints(true)],
): Uint8Array {
  const issuer = { name: subject, privateKey: keys.privateKey };
  return issueCertificate({ subject, publicKey: keys.publicKey, issuer, ...validity, extensions });
}

function randomSerialNumber(): Uint8Array {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] as number) & 0x7f) | 0x40;
  return octets;
}

/** First 160 bits of SHA-256 over the whole SubjectPublicKeyInfo, RFC 7093 §2 method 4 cut to the usual length. */
function keyIdentifier(spki: Uint8Array): Uint8Array {
  return hash("sha256", spki, "buffer").subarray(0, 20);
}

function keyIdentifierOf(privateKey: KeyObject): Uint8Array {
  return keyIdentifier(createPublicKey(privateKey).export({ format: "der", type: "spki" }));
}

function defaultAlgorithm(key: KeyObject): SigningAlgorithm {
  switch (key.asymmetricKeyType) {
    case "ec":
      return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? "ecdsa-sha256" : "ecdsa-sha384";
    case "ed25519":
      return "ed25519";
    case "ed448":
      return "ed448";
    default:
      return "rsa-sha256";
  }
}
