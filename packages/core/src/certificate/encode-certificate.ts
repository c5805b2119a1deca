import { encodeBits, encodeElement, encodeInteger, encodeSequence, encodeTime } from "../der/der-writer.ts";
import { contextConstructedTag, tag } from "../der/tag.ts";
import type { UnixSeconds } from "./certificate.ts";
import { encodeExtension, type ExtensionDescription } from "./encode-extension.ts";
import { encodeName, type NameDescription } from "./encode-name.ts";

/**
 * What a TBSCertificate is to say (RFC 5280 §4.1.2). Nothing is checked against the profile: test certificates must be
 * able to break it.
 */
export type TbsDescription = {
  readonly version: 1 | 2 | 3;
  /** Content octets of the INTEGER, as they are to stand. */
  readonly serialNumber: Uint8Array;
  /** AlgorithmIdentifier with its header. */
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: NameDescription;
  readonly notBefore: UnixSeconds;
  readonly notAfter: UnixSeconds;
  readonly subject: NameDescription;
  /** SubjectPublicKeyInfo with its header. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly ExtensionDescription[];
};

/** The bytes to be signed. */
export function encodeTbsCertificate(tbs: TbsDescription): Uint8Array {
  return encodeSequence(
    // §4.1.2.1: DEFAULT v1 is not encoded.
    ...(tbs.version === 1 ? [] : [encodeElement(contextConstructedTag(0), encodeInteger(tbs.version - 1))]),
    encodeElement(tag.integer, tbs.serialNumber),
    tbs.signatureAlgorithm,
    encodeName(tbs.issuer),
    encodeSequence(encodeTime(tbs.notBefore), encodeTime(tbs.notAfter)),
    encodeName(tbs.subject),
    tbs.publicKey,
    ...(tbs.extensions.length === 0
      ? []
      : [encodeElement(contextConstructedTag(3), encodeSequence(...tbs.extensions.map(encodeExtension)))]),
  );
}

/** The certificate: what was signed, by which algorithm, and the signature (RFC 5280 §4.1.1). */
export function encodeCertificate(tbs: Uint8Array, signatureAlgorithm: Uint8Array, signature: Uint8Array): Uint8Array {
  return encodeSequence(tbs, signatureAlgorithm, encodeBits(signature));
}
