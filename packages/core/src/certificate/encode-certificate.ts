import {
  concat,
  element,
  encodeBits,
  encodeBoolean,
  encodeNamedBits,
  encodeOctets,
  encodeOid,
  encodeSmallInteger,
  encodeString,
  encodeTime,
  encodeUnsigned,
  sequence,
} from "../der/der-writer.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import type { KeyUsage, UnixSeconds } from "./certificate.ts";
import { extensionOid } from "./extension-oid.ts";

/** A name to encode, least specific attribute first, or the DER of one to repeat byte by byte. */
export type NameDescription = readonly (readonly [type: NameAttribute, value: string])[] | Uint8Array;

export type NameAttribute = "CN" | "O" | "OU" | "C" | "L" | "ST" | "EMAILADDRESS";

export type GeneralNameDescription =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly uri: string }
  | { readonly ip: Uint8Array }
  | { readonly directory: NameDescription };

export type ExtensionDescription = { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array };

/** All of a TBSCertificate but its signature algorithm. Extensions appear in the order given. */
export type CertificateDescription = {
  readonly version?: 1 | 3;
  /** Unsigned octets. */
  readonly serialNumber: Uint8Array;
  readonly issuer: NameDescription;
  readonly subject: NameDescription;
  readonly notBefore: UnixSeconds;
  readonly notAfter: UnixSeconds;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly ExtensionDescription[];
};

/** A TBSCertificate, RFC 5280 §4.1; `algorithm` is the DER of an AlgorithmIdentifier. */
export function encodeTbsCertificate(description: CertificateDescription, algorithm: Uint8Array): Uint8Array {
  const { version = 3, serialNumber, issuer, subject, notBefore, notAfter, publicKey, extensions } = description;
  return sequence(
    version === 1 ? new Uint8Array(0) : element(contextConstructedTag(0), encodeSmallInteger(version - 1)),
    encodeUnsigned(serialNumber),
    algorithm,
    encodeName(issuer),
    sequence(encodeTime(notBefore), encodeTime(notAfter)),
    encodeName(subject),
    publicKey,
    extensions.length === 0
      ? new Uint8Array(0)
      : element(contextConstructedTag(3), sequence(...extensions.map(encodeExtension))),
  );
}

export function encodeCertificate(tbs: Uint8Array, algorithm: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(tbs, algorithm, encodeBits(signature));
}

const attributeTypes: Readonly<Record<NameAttribute, string>> = {
  CN: "2.5.4.3",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  EMAILADDRESS: "1.2.840.113549.1.9.1",
};

export function encodeName(name: NameDescription): Uint8Array {
  if (name instanceof Uint8Array) return name;
  const rdns = name.map(([type, value]) => {
    const stringTag = type === "C" ? tag.printableString : type === "EMAILADDRESS" ? tag.ia5String : tag.utf8String;
    return element(tag.set, sequence(encodeOid(attributeTypes[type]), encodeString(stringTag, value)));
  });
  return sequence(...rdns);
}

function encodeExtension({ oid, critical, value }: ExtensionDescription): Uint8Array {
  return sequence(encodeOid(oid), critical ? encodeBoolean(true) : new Uint8Array(0), encodeOctets(value));
}

export function basicConstraints(cA: boolean, pathLenConstraint?: number): ExtensionDescription {
  const pathLen = pathLenConstraint === undefined ? new Uint8Array(0) : encodeSmallInteger(pathLenConstraint);
  return {
    oid: extensionOid.basicConstraints,
    critical: true,
    value: sequence(cA ? encodeBoolean(true) : new Uint8Array(0), pathLen),
  };
}

/** In the order of RFC 5280 §4.2.1.3. */
const usageBits: readonly (keyof KeyUsage)[] = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

export function keyUsage(...usages: readonly (keyof KeyUsage)[]): ExtensionDescription {
  return {
    oid: extensionOid.keyUsage,
    critical: true,
    value: encodeNamedBits(usages.map((usage) => usageBits.indexOf(usage))),
  };
}

export function extendedKeyUsage(...purposes: readonly string[]): ExtensionDescription {
  return { oid: extensionOid.extendedKeyUsage, critical: false, value: sequence(...purposes.map(encodeOid)) };
}

export function subjectKeyIdentifier(identifier: Uint8Array): ExtensionDescription {
  return { oid: extensionOid.subjectKeyIdentifier, critical: false, value: encodeOctets(identifier) };
}

export function authorityKeyIdentifier(identifier: Uint8Array): ExtensionDescription {
  return {
    oid: extensionOid.authorityKeyIdentifier,
    critical: false,
    value: sequence(element(contextTag(0), identifier)),
  };
}

export function subjectAltName(...names: readonly GeneralNameDescription[]): ExtensionDescription {
  return { oid: extensionOid.subjectAltName, critical: false, value: sequence(...names.map(encodeGeneralName)) };
}

export function nameConstraints(subtrees: {
  readonly permitted?: readonly GeneralNameDescription[];
  readonly excluded?: readonly GeneralNameDescription[];
}): ExtensionDescription {
  const value = sequence(encodeSubtrees(0, subtrees.permitted ?? []), encodeSubtrees(1, subtrees.excluded ?? []));
  return { oid: extensionOid.nameConstraints, critical: true, value };
}

function encodeSubtrees(number: number, names: readonly GeneralNameDescription[]): Uint8Array {
  if (names.length === 0) return new Uint8Array(0);
  return element(contextConstructedTag(number), concat(names.map((name) => sequence(encodeGeneralName(name)))));
}

function encodeGeneralName(name: GeneralNameDescription): Uint8Array {
  if ("email" in name) return encodeString(contextTag(1), name.email);
  if ("dns" in name) return encodeString(contextTag(2), name.dns);
  if ("uri" in name) return encodeString(contextTag(6), name.uri);
  if ("ip" in name) return element(contextTag(7), name.ip);
  return element(contextConstructedTag(4), encodeName(name.directory));
}
