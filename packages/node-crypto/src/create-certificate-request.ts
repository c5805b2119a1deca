import type { KeyObject } from "node:crypto";
import { encodeCertificate, encodeElement, encodeInteger, encodeSequence, encodeSignatureAlgorithm } from "@tcm/core";
import { defaultScheme, signWith } from "./sign-with.ts";

/** `[0] IMPLICIT SET OF`, empty: RFC 2986 §4.1. */
const noAttributes = encodeElement(0xa0);

/**
 * A PKCS#10 request (RFC 2986 §4), DER: a public key, signed with its private key, without a name. Throws for a key that
 * cannot sign.
 */
export function createCertificateRequest({
  publicKey,
  privateKey,
}: {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}): Uint8Array {
  const scheme = defaultScheme(privateKey);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const info = encodeSequence(encodeInteger(0), encodeSequence(), spki, noAttributes);
  // Signed bytes, algorithm, signature: the outer form is that of a certificate.
  return encodeCertificate(info, encodeSignatureAlgorithm(scheme), signWith(scheme, privateKey, info));
}
