import {
  basicConstraintsExtension,
  encodeBits,
  encodeBoolean,
  encodeElement,
  encodeInteger,
  encodeName,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSignatureAlgorithm,
  type ExtensionDescription,
  subjectKeyIdentifierExtension,
} from "@tcm/core";

/** The elements of a certificate in their order, each with its header; empty for one that is left out. */
export type RawParts = {
  readonly version: Uint8Array;
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: Uint8Array;
  readonly notAfter: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Unique identifiers and extensions. */
  readonly rest: Uint8Array;
  /** Default: the inner one. */
  readonly outerAlgorithm: Uint8Array;
  readonly signatureValue: Uint8Array;
};

/**
 * A certificate put together element by element, for what no encoder writes: malformed, out of place or merely odd. Nobody
 * signed it. Without parts: a CA of P-256 without any finding.
 */
export function rawCertificate(parts: Partial<RawParts> = {}): Uint8Array {
  const { signatureAlgorithm, outerAlgorithm = signatureAlgorithm, signatureValue, ...tbs } = { ...usual, ...parts };
  const { version, serialNumber, issuer, notBefore, notAfter, subject, publicKey, rest } = tbs;
  const validity = encodeSequence(notBefore, notAfter);
  const signed = [version, serialNumber, signatureAlgorithm, issuer, validity, subject, publicKey, rest];
  return encodeSequence(encodeSequence(...signed), outerAlgorithm, signatureValue);
}

/** The `rest` with these extensions. */
export function rawExtensions(...extensions: readonly (ExtensionDescription | Uint8Array)[]): Uint8Array {
  const elements = extensions.map((extension) =>
    extension instanceof Uint8Array ? extension : encodeExtension(extension),
  );
  return encodeElement(0xa3, encodeSequence(...elements));
}

export function rawTime(text: string): Uint8Array {
  return encodeElement(text.length === 13 ? 0x17 : 0x18, new TextEncoder().encode(text));
}

/** A SubjectPublicKeyInfo of whatever algorithm, parameters and bits. */
export function rawPublicKey(oid: string, parameters: Uint8Array, bits: Uint8Array): Uint8Array {
  return encodeSequence(encodeSequence(encodeOid(oid), parameters), encodeBits(bits));
}

/** RFC 8017 appendix A.1.1, from content octets. */
export function rawRsaKey(modulus: Uint8Array, exponent: Uint8Array, oid = "1.2.840.113549.1.1.1"): Uint8Array {
  const key = encodeSequence(encodeElement(2, modulus), encodeElement(2, exponent));
  return rawPublicKey(oid, Uint8Array.of(5, 0), key);
}

function encodeExtension({ oid, critical, value }: ExtensionDescription): Uint8Array {
  const flag = critical ? encodeBoolean(true) : new Uint8Array();
  return encodeSequence(encodeOid(oid), flag, encodeOctetString(value));
}

const name = encodeName({ CN: "Raw Root" });

const usual: Omit<RawParts, "outerAlgorithm"> = {
  version: encodeElement(0xa0, encodeInteger(2)),
  serialNumber: encodeInteger(4_711),
  signatureAlgorithm: encodeSignatureAlgorithm({ type: "ecdsa", hash: "sha256" }),
  issuer: name,
  notBefore: rawTime("260101000000Z"),
  notAfter: rawTime("360101000000Z"),
  subject: name,
  publicKey: rawPublicKey(
    "1.2.840.10045.2.1",
    encodeOid("1.2.840.10045.3.1.7"),
    Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i)),
  ),
  rest: rawExtensions(
    basicConstraintsExtension({ cA: true }),
    subjectKeyIdentifierExtension(Uint8Array.of(1, 2, 3, 4)),
  ),
  signatureValue: encodeBits(Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1)),
};
