import {
  encodeBoolean,
  encodeElement,
  encodeInteger,
  encodeNamedBits,
  encodeOctetString,
  encodeOid,
  encodeSequence,
} from "../der/der-writer.ts";
import { contextConstructedTag, contextTag } from "../der/tag.ts";
import type { BasicConstraints, KeyUsage } from "./certificate.ts";
import { encodeGeneralName, type GeneralNameDescription } from "./encode-name.ts";
import { extensionOid } from "./extension-oid.ts";

/** An extension to encode as it stands: `value` is the content of extnValue. */
export type ExtensionDescription = { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array };

export function encodeExtension({ oid, critical, value }: ExtensionDescription): Uint8Array {
  // X.690 §11.5: the default FALSE is not encoded.
  return encodeSequence(encodeOid(oid), ...(critical ? [encodeBoolean(true)] : []), encodeOctetString(value));
}

/** RFC 5280 §4.2.1.9, critical as it asks of CA certificates. */
export function basicConstraintsExtension({ cA, pathLenConstraint }: BasicConstraints): ExtensionDescription {
  const value = encodeSequence(
    ...(cA ? [encodeBoolean(true)] : []),
    ...(pathLenConstraint === undefined ? [] : [encodeInteger(pathLenConstraint)]),
  );
  return { oid: extensionOid.basicConstraints, critical: true, value };
}

export type KeyUsageBit = keyof KeyUsage;

/** In the order of RFC 5280 §4.2.1.3: the index is the bit. */
const keyUsageBits: readonly KeyUsageBit[] = [
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

export function keyUsageExtension(usages: readonly KeyUsageBit[]): ExtensionDescription {
  const value = encodeNamedBits(usages.map((usage) => keyUsageBits.indexOf(usage)));
  return { oid: extensionOid.keyUsage, critical: true, value };
}

/** RFC 5280 §4.2.1.12: key purpose OIDs, such as `keyPurpose.clientAuth`. */
export function extendedKeyUsageExtension(purposes: readonly string[]): ExtensionDescription {
  return { oid: extensionOid.extendedKeyUsage, critical: false, value: encodeSequence(...purposes.map(encodeOid)) };
}

/** RFC 5280 §4.2.1.6: critical exactly when it has to stand in for an empty subject. */
export function subjectAltNameExtension(
  names: readonly GeneralNameDescription[],
  { critical }: { readonly critical: boolean },
): ExtensionDescription {
  return { oid: extensionOid.subjectAltName, critical, value: encodeSequence(...names.map(encodeGeneralName)) };
}

export type NameConstraintsDescription = {
  readonly permitted?: readonly GeneralNameDescription[];
  readonly excluded?: readonly GeneralNameDescription[];
};

/** RFC 5280 §4.2.1.10. */
export function nameConstraintsExtension(constraints: NameConstraintsDescription): ExtensionDescription {
  const subtrees = (number: number, names: readonly GeneralNameDescription[] = []): readonly Uint8Array[] =>
    names.length === 0
      ? []
      : [encodeElement(contextConstructedTag(number), ...names.map((name) => encodeSequence(encodeGeneralName(name))))];
  const value = encodeSequence(...subtrees(0, constraints.permitted), ...subtrees(1, constraints.excluded));
  return { oid: extensionOid.nameConstraints, critical: true, value };
}

export function subjectKeyIdentifierExtension(keyIdentifier: Uint8Array): ExtensionDescription {
  return { oid: extensionOid.subjectKeyIdentifier, critical: false, value: encodeOctetString(keyIdentifier) };
}

/** RFC 5280 §4.2.1.1, by key identifier alone. */
export function authorityKeyIdentifierExtension(keyIdentifier: Uint8Array): ExtensionDescription {
  const value = encodeSequence(encodeElement(contextTag(0), keyIdentifier));
  return { oid: extensionOid.authorityKeyIdentifier, critical: false, value };
}
