import { hash, type KeyObject, randomBytes } from "node:crypto";
import {
  authorityKeyIdentifierExtension,
  type BasicConstraints,
  basicConstraintsExtension,
  type Certificate,
  encodeCertificate,
  encodeSignatureAlgorithm,
  encodeTbsCertificate,
  type ExtensionDescription,
  extendedKeyUsageExtension,
  type GeneralNameDescription,
  type KeyUsageBit,
  keyUsageExtension,
  type NameConstraintsDescription,
  type NameDescription,
  nameConstraintsExtension,
  type SignatureScheme,
  subjectAltNameExtension,
  subjectKeyIdentifierExtension,
  type UnixSeconds,
} from "@tcm/core";
import { defaultScheme, signWith } from "./sign-with.ts";

/** Who signs: the name that goes into `issuer`, the key, and the identifier that goes into the AKI. */
export type Issuer = {
  readonly name: NameDescription;
  readonly privateKey: KeyObject;
  readonly keyIdentifier?: Uint8Array;
};

export type CertificateRequest = {
  readonly subject: NameDescription;
  readonly publicKey: KeyObject;
  /** With the subject's own name and key: a self-signed certificate. */
  readonly issuer: Issuer;
  readonly notBefore: UnixSeconds;
  readonly notAfter: UnixSeconds;
  readonly basicConstraints?: BasicConstraints | undefined;
  readonly keyUsage?: readonly KeyUsageBit[] | undefined;
  /** Key purpose OIDs. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
  readonly subjectAltName?: readonly GeneralNameDescription[] | undefined;
  readonly nameConstraints?: NameConstraintsDescription | undefined;
  /** Default: derived from the key. False leaves it out. */
  readonly subjectKeyIdentifier?: Uint8Array | false | undefined;
  /** Default: the issuer's, where it has one. False leaves it out. */
  readonly authorityKeyIdentifier?: Uint8Array | false | undefined;
  /** Come after the others; one with the OID of a described extension takes its place. */
  readonly extraExtensions?: readonly ExtensionDescription[] | undefined;
  /** Content octets. Default: 16 random octets, positive (RFC 5280 §4.1.2.2). */
  readonly serialNumber?: Uint8Array | undefined;
  /** Default: the usual one for the issuer's key. */
  readonly signatureScheme?: SignatureScheme | undefined;
  /** Default 3. Versions 1 and 2 have no extensions, so none is written. */
  readonly version?: 1 | 2 | 3 | undefined;
};

/**
 * Makes and signs one certificate; returns its DER. Says exactly what it is asked to, also where no CA should: the
 * caller is responsible for the profile. Throws when the key cannot make the signature.
 */
export function issueCertificate(request: CertificateRequest): Uint8Array {
  const scheme = request.signatureScheme ?? defaultScheme(request.issuer.privateKey);
  const signatureAlgorithm = encodeSignatureAlgorithm(scheme);
  const version = request.version ?? 3;
  const tbs = encodeTbsCertificate({
    version,
    serialNumber: request.serialNumber ?? randomSerialNumber(),
    signatureAlgorithm,
    issuer: request.issuer.name,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    subject: request.subject,
    publicKey: request.publicKey.export({ type: "spki", format: "der" }),
    extensions: version === 3 ? extensionsOf(request) : [],
  });
  return encodeCertificate(tbs, signatureAlgorithm, signWith(scheme, request.issuer.privateKey, tbs));
}

/** The holder of a parsed certificate and its private key, as an issuer. */
export function issuerOf({ subject, extensions }: Certificate, privateKey: KeyObject): Issuer {
  const keyIdentifier = extensions.subjectKeyIdentifier;
  return { name: subject.der, privateKey, ...(keyIdentifier && { keyIdentifier }) };
}

/** RFC 7093 §2 method 4, the leftmost 160 bits: SHA-256 over the whole SubjectPublicKeyInfo. */
export function keyIdentifierOf(publicKey: KeyObject): Uint8Array {
  return hash("sha256", publicKey.export({ type: "spki", format: "der" }), "buffer").subarray(0, 20);
}

function extensionsOf(request: CertificateRequest): readonly ExtensionDescription[] {
  const { basicConstraints, keyUsage, extendedKeyUsage, subjectAltName, nameConstraints, issuer } = request;
  const subjectKeyIdentifier = request.subjectKeyIdentifier ?? keyIdentifierOf(request.publicKey);
  const authorityKeyIdentifier = request.authorityKeyIdentifier ?? issuer.keyIdentifier ?? false;
  const emptySubject = !(request.subject instanceof Uint8Array) && Object.keys(request.subject).length === 0;
  const extra = request.extraExtensions ?? [];
  const described = [
    basicConstraints && basicConstraintsExtension(basicConstraints),
    keyUsage && keyUsageExtension(keyUsage),
    extendedKeyUsage && extendedKeyUsageExtension(extendedKeyUsage),
    subjectAltName && subjectAltNameExtension(subjectAltName, { critical: emptySubject }),
    nameConstraints && nameConstraintsExtension(nameConstraints),
    subjectKeyIdentifier && subjectKeyIdentifierExtension(subjectKeyIdentifier),
    authorityKeyIdentifier && authorityKeyIdentifierExtension(authorityKeyIdentifier),
  ].filter((extension) => extension !== undefined && extension !== false);
  return [...described.filter(({ oid }) => !extra.some((other) => other.oid === oid)), ...extra];
}

function randomSerialNumber(): Uint8Array {
  const octets = randomBytes(16);
  // Positive, and no leading octet that DER would drop.
  octets[0] = ((octets[0] as number) & 0x7f) | 0x40;
  return octets;
}
