import { DerFault } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { readBoolean, readIntegerOctets, readNamedBits, readSmallInteger } from "../der/primitive.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import type {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Extension,
  Extensions,
  KeyUsage,
  PolicyConstraints,
  PolicyMapping,
  ProfileFinding,
} from "./certificate.ts";
import { extensionOid } from "./extension-oid.ts";
import { readGeneralNames, readNameConstraints } from "./parse-general-name.ts";

/** Room for any real certificate; every list inside an extension is walked once. */
const maxExtensions = 64;
const maxListEntries = 1_024;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Decoder = (extensions: Mutable<Extensions>, reader: DerReader, note: Note, extension: Extension) => void;
export type Note = (code: ProfileFinding["code"], offset: number, cites: string) => void;

export const noExtensions: Extensions = { all: new Map(), unknownCritical: [] };

/** RFC 5280 §4.2: `reader` stands before SEQUENCE SIZE (1..MAX) OF Extension. */
export function readExtensions(reader: DerReader, note: Note): Extensions {
  const list = reader.enter(tag.sequence, "Extensions");
  if (list.atEnd) throw new DerFault("der-empty-sequence", list.position, "at least one extension");
  const all = new Map<string, Extension>();
  const unknownCritical: string[] = [];
  const extensions: Mutable<Extensions> = { all, unknownCritical };
  while (!list.atEnd) {
    if (all.size === maxExtensions)
      throw new DerFault("der-too-large", list.position, `at most ${maxExtensions} extensions`);
    const extension = readExtension(list, note);
    if (all.has(extension.oid)) {
      throw new DerFault("der-duplicate-extension", extension.offset, `extension ${extension.oid} only once`);
    }
    all.set(extension.oid, extension);
    const decode = decoders[extension.oid];
    if (decode !== undefined) {
      // What was read last is extnValue.
      const value = new DerReader(list.bytes, list.contentStart, list.contentEnd);
      decode(extensions, value, note, extension);
      value.finish(`extension ${extension.oid}`);
    } else if (extension.critical) {
      unknownCritical.push(extension.oid);
    }
  }
  return extensions;
}

/** Also of CRLs and their entries, RFC 5280 §5.2 and §5.3. */
export function readExtension(list: DerReader, note: Note): Extension {
  const offset = list.position;
  const outerEnd = list.step(tag.sequence, "an Extension");
  const oid = readOid(list);
  let critical = false;
  if (list.peekTag() === tag.boolean) {
    critical = readBoolean(list);
    // X.690 §11.5: a default value is not encoded. Common enough in real certificates to be a finding only.
    if (!critical) note("profile-explicit-default", list.start, "X.690 §11.5");
  }
  list.expect(tag.octetString, "extnValue");
  const value = list.content();
  list.leave(outerEnd, "an Extension");
  return { oid, critical, value, offset };
}

/** What this decoder understands: a critical extension outside this table makes a certificate unusable (§4.2). */
const decoders: Readonly<Record<string, Decoder>> = {
  [extensionOid.authorityKeyIdentifier]: (extensions, reader, note, { critical, offset }) => {
    if (critical) note("profile-aki-critical", offset, "RFC 5280 §4.2.1.1");
    extensions.authorityKeyIdentifier = readAuthorityKeyIdentifier(reader);
  },
  [extensionOid.subjectKeyIdentifier]: (extensions, reader, note, { critical, offset }) => {
    if (critical) note("profile-ski-critical", offset, "RFC 5280 §4.2.1.2");
    reader.expect(tag.octetString, "a KeyIdentifier");
    extensions.subjectKeyIdentifier = reader.content();
  },
  [extensionOid.keyUsage]: (extensions, reader, note, { offset }) => {
    const { mask, hasTrailingZeros } = readNamedBits(reader);
    if (hasTrailingZeros) note("profile-named-bits", offset, "X.690 §11.2.2");
    if (mask === 0) note("profile-key-usage-empty", offset, "RFC 5280 §4.2.1.3");
    extensions.keyUsage = keyUsageOf(mask);
  },
  [extensionOid.basicConstraints]: (extensions, reader, note, { critical, offset }) => {
    const constraints = readBasicConstraints(reader, note);
    if (constraints.cA && !critical) note("profile-basic-constraints-not-critical", offset, "RFC 5280 §4.2.1.9");
    if (!constraints.cA && constraints.pathLenConstraint !== undefined)
      note("profile-path-len-without-ca", offset, "RFC 5280 §4.2.1.9");
    extensions.basicConstraints = constraints;
  },
  [extensionOid.extendedKeyUsage]: (extensions, reader) => {
    extensions.extendedKeyUsage = readList(reader, "ExtKeyUsageSyntax", readOid);
  },
  [extensionOid.subjectAltName]: (extensions, reader, note, { offset }) => {
    const names = readGeneralNames(reader);
    if (names.some((name) => name.form === "dNSName" && /[\p{Cc} ]/u.test(name.text))) {
      note("profile-dns-name-control-character", offset, "RFC 5280 §4.2.1.6");
    }
    extensions.subjectAltName = names;
  },
  [extensionOid.nameConstraints]: (extensions, reader, note, { critical, offset }) => {
    if (!critical) note("profile-name-constraints-not-critical", offset, "RFC 5280 §4.2.1.10");
    extensions.nameConstraints = readNameConstraints(reader);
  },
  [extensionOid.certificatePolicies]: (extensions, reader) => {
    extensions.certificatePolicies = readPolicies(reader);
  },
  [extensionOid.policyMappings]: (extensions, reader) => {
    extensions.policyMappings = readList(reader, "PolicyMappings", readPolicyMapping);
  },
  [extensionOid.policyConstraints]: (extensions, reader, note, { critical, offset }) => {
    if (!critical) note("profile-policy-constraints-not-critical", offset, "RFC 5280 §4.2.1.11");
    extensions.policyConstraints = readPolicyConstraints(reader);
  },
  [extensionOid.inhibitAnyPolicy]: (extensions, reader) => {
    extensions.inhibitAnyPolicy = readSmallInteger(reader);
  },
};

function readList<T>(reader: DerReader, what: string, readOne: (list: DerReader) => T): readonly T[] {
  const list = reader.enter(tag.sequence, what);
  if (list.atEnd) throw new DerFault("der-empty-sequence", list.position, `at least one entry in ${what}`);
  const entries: T[] = [];
  while (!list.atEnd) {
    if (entries.length === maxListEntries)
      throw new DerFault("der-too-large", list.position, `at most ${maxListEntries} entries`);
    entries.push(readOne(list));
  }
  return entries;
}

/** RFC 5280 §4.2.1.1: issuer and serial number come together. */
export function readAuthorityKeyIdentifier(reader: DerReader): AuthorityKeyIdentifier {
  const body = reader.enter(tag.sequence, "AuthorityKeyIdentifier");
  const found: Mutable<AuthorityKeyIdentifier> = {};
  if (body.peekTag() === contextTag(0)) {
    body.next();
    found.keyIdentifier = body.content();
  }
  if (body.peekTag() === contextConstructedTag(1))
    found.authorityCertIssuer = readGeneralNames(body, contextConstructedTag(1));
  if (body.peekTag() === contextTag(2)) found.authorityCertSerialNumber = readIntegerOctets(body, contextTag(2));
  body.finish("AuthorityKeyIdentifier");
  if ((found.authorityCertIssuer === undefined) !== (found.authorityCertSerialNumber === undefined)) {
    throw new DerFault("der-bad-value", reader.start, "authorityCertIssuer and authorityCertSerialNumber together");
  }
  return found;
}

function readBasicConstraints(reader: DerReader, note: Note): BasicConstraints {
  const body = reader.enter(tag.sequence, "BasicConstraints");
  let cA = false;
  if (body.peekTag() === tag.boolean) {
    cA = readBoolean(body);
    if (!cA) note("profile-explicit-default", body.start, "X.690 §11.5");
  }
  const pathLenConstraint = body.atEnd ? undefined : readSmallInteger(body);
  body.finish("BasicConstraints");
  return pathLenConstraint === undefined ? { cA } : { cA, pathLenConstraint };
}

function readPolicies(reader: DerReader): readonly string[] {
  const policies = readList(reader, "CertificatePolicies", (list) => {
    const information = list.enter(tag.sequence, "PolicyInformation");
    const at = list.start;
    const policy = readOid(information);
    if (!information.atEnd) information.expect(tag.sequence, "policyQualifiers");
    information.finish("PolicyInformation");
    return { policy, at };
  });
  const seen = new Set<string>();
  for (const { policy, at } of policies) {
    // §4.2.1.4: a policy OID appears at most once.
    if (seen.has(policy)) throw new DerFault("der-bad-value", at, `policy ${policy} only once`);
    seen.add(policy);
  }
  return [...seen];
}

function readPolicyMapping(list: DerReader): PolicyMapping {
  const mapping = list.enter(tag.sequence, "a policy mapping");
  const issuerDomainPolicy = readOid(mapping);
  const subjectDomainPolicy = readOid(mapping);
  mapping.finish("a policy mapping");
  return { issuerDomainPolicy, subjectDomainPolicy };
}

function readPolicyConstraints(reader: DerReader): PolicyConstraints {
  const body = reader.enter(tag.sequence, "PolicyConstraints");
  if (body.atEnd) throw new DerFault("der-empty-sequence", body.position, "a policy constraint");
  const found: Mutable<PolicyConstraints> = {};
  if (body.peekTag() === contextTag(0)) found.requireExplicitPolicy = readSmallInteger(body, contextTag(0));
  if (body.peekTag() === contextTag(1)) found.inhibitPolicyMapping = readSmallInteger(body, contextTag(1));
  body.finish("PolicyConstraints");
  return found;
}

/** Bit numbers of RFC 5280 §4.2.1.3. */
function keyUsageOf(mask: number): KeyUsage {
  const bit = (number: number): boolean => ((mask >> number) & 1) === 1;
  return {
    digitalSignature: bit(0),
    nonRepudiation: bit(1),
    keyEncipherment: bit(2),
    dataEncipherment: bit(3),
    keyAgreement: bit(4),
    keyCertSign: bit(5),
    cRLSign: bit(6),
    encipherOnly: bit(7),
    decipherOnly: bit(8),
  };
}
