import {
  type DistributionPointName,
  readDistributionPointName,
  readReasons,
} from "../certificate/distribution-point.ts";
import { crlExtensionOid, extensionOid } from "../certificate/extension-oid.ts";
import type { Name } from "../certificate/name.ts";
import type { Extension } from "../certificate/certificate.ts";
import { readAuthorityKeyIdentifier, readExtension } from "../certificate/parse-extensions.ts";
import { readGeneralNames } from "../certificate/parse-general-name.ts";
import { DerFault } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readBoolean, readIntegerOctets } from "../der/primitive.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import { readTime } from "../der/time.ts";
import { toHex } from "../text/hex.ts";
import type { CrlExtensions, CrlFinding, IssuingDistributionPoint } from "./certificate-revocation-list.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const enumerated = 0x0a;

/** RFC 5280 §5.2; `tbs` stands before [0] Extensions, or is undefined where there are none. */
export function readCrlExtensions(
  tbs: DerReader | undefined,
  unknownCritical: string[],
  findings: CrlFinding[],
): CrlExtensions {
  const extensions: Mutable<CrlExtensions> = { unknownCritical };
  for (const extension of tbs === undefined ? [] : readWrappedExtensions(tbs)) {
    const decode = decoders[extension.oid];
    if (decode !== undefined) readWhole(extension, (reader) => decode(extensions, reader, extension, findings));
    else if (extension.critical) unknownCritical.push(extension.oid);
  }
  if (extensions.cRLNumber === undefined) findings.push({ what: "no cRLNumber", cites: "RFC 5280 §5.2.3" });
  if (extensions.authorityKeyIdentifier === undefined)
    findings.push({ what: "no authorityKeyIdentifier", cites: "RFC 5280 §5.2.1" });
  return extensions;
}

function readWrappedExtensions(tbs: DerReader): readonly Extension[] {
  const wrapped = tbs.enter(contextConstructedTag(0), "crlExtensions");
  const extensions = readExtensionList(wrapped);
  wrapped.finish("crlExtensions");
  return extensions;
}

function readExtensionList(reader: DerReader): readonly Extension[] {
  const list = reader.enter(tag.sequence, "Extensions");
  if (list.atEnd) throw new DerFault("der-empty-sequence", list.position, "at least one extension");
  const found = new Map<string, Extension>();
  while (!list.atEnd) {
    const extension = readExtension(list, () => undefined);
    if (found.has(extension.oid))
      throw new DerFault("der-duplicate-extension", extension.offset, `extension ${extension.oid} only once`);
    found.set(extension.oid, extension);
  }
  return [...found.values()];
}

function readWhole<T>({ oid, value }: Extension, read: (reader: DerReader) => T): T {
  const reader = new DerReader(value);
  const result = read(reader);
  reader.finish(`extension ${oid}`);
  return result;
}

type Decoder = (
  extensions: Mutable<CrlExtensions>,
  reader: DerReader,
  extension: Extension,
  findings: CrlFinding[],
) => void;

const decoders: Readonly<Record<string, Decoder>> = {
  [extensionOid.authorityKeyIdentifier]: (extensions, reader) => {
    extensions.authorityKeyIdentifier = readAuthorityKeyIdentifier(reader);
  },
  [crlExtensionOid.cRLNumber]: (extensions, reader, { critical }, findings) => {
    if (critical) findings.push({ what: "a critical cRLNumber", cites: "RFC 5280 §5.2.3" });
    extensions.cRLNumber = readNumber(reader);
  },
  [crlExtensionOid.deltaCRLIndicator]: (extensions, reader) => {
    extensions.deltaCRLIndicator = readNumber(reader);
  },
  [crlExtensionOid.issuingDistributionPoint]: (extensions, reader, { value }) => {
    extensions.issuingDistributionPoint = readIssuingDistributionPoint(reader, value);
  },
};

function readNumber(reader: DerReader): string {
  const octets = readIntegerOctets(reader);
  if ((octets[0] as number) & 0x80) throw new DerFault("der-bad-integer", reader.contentStart, "a number of 0 or more");
  return toHex(octets).replace(/^(?:00)+(?=..)/, "");
}

function readIssuingDistributionPoint(reader: DerReader, der: Uint8Array): IssuingDistributionPoint {
  const body = reader.enter(tag.sequence, "IssuingDistributionPoint");
  const name: DistributionPointName | undefined = readDistributionPointName(body);
  const onlyContainsUserCerts = readFlag(body, 1);
  const onlyContainsCACerts = readFlag(body, 2);
  const onlySomeReasons = readReasons(body, contextTag(3));
  const indirectCRL = readFlag(body, 4);
  const onlyContainsAttributeCerts = readFlag(body, 5);
  body.finish("IssuingDistributionPoint");
  return {
    ...(name && { name }),
    ...(onlySomeReasons !== undefined && { onlySomeReasons }),
    onlyContainsUserCerts,
    onlyContainsCACerts,
    indirectCRL,
    onlyContainsAttributeCerts,
    der,
  };
}

function readFlag(body: DerReader, number: number): boolean {
  return body.peekTag() === contextTag(number) && readBoolean(body, contextTag(number));
}

export type EntryExtensions = { readonly reason: number | undefined; readonly certificateIssuer: Name | undefined };

/** RFC 5280 §5.3. */
export function readEntryExtensions(entry: DerReader, unknownCritical: string[]): EntryExtensions {
  let reason: number | undefined;
  let certificateIssuer: Name | undefined;
  for (const extension of readExtensionList(entry)) {
    if (extension.oid === crlExtensionOid.reasonCode) reason = readWhole(extension, readReason);
    else if (extension.oid === crlExtensionOid.certificateIssuer) certificateIssuer = readWhole(extension, readIssuer);
    else if (extension.oid === crlExtensionOid.invalidityDate) readWhole(extension, readTime);
    else if (extension.critical) unknownCritical.push(extension.oid);
  }
  return { reason, certificateIssuer };
}

function readReason(reader: DerReader): number {
  reader.expect(enumerated, "a CRLReason");
  const { bytes, contentStart, contentEnd } = reader;
  const reason = bytes[contentStart] ?? 0;
  if (contentEnd - contentStart !== 1 || reason > 10 || reason === 7)
    throw new DerFault("der-bad-value", reader.start, "a CRLReason");
  return reason;
}

/** §5.3.3: the issuer's distinguished name among the GeneralNames. */
function readIssuer(reader: DerReader): Name {
  const at = reader.position;
  const name = readGeneralNames(reader).find(({ form }) => form === "directoryName");
  if (name === undefined || name.form !== "directoryName")
    throw new DerFault("der-bad-value", at, "a directoryName as certificateIssuer");
  return name.name;
}
