import { sign } from "node:crypto";
import { type TestAuthority, type TestCertificate, testPki } from "@tcm/testkit";
import type { UnixSeconds } from "../../certificate/certificate.ts";
import { encodeExtension, type ExtensionDescription } from "../../certificate/encode-extension.ts";
import { encodeName } from "../../certificate/encode-name.ts";
import { crlExtensionOid, extensionOid } from "../../certificate/extension-oid.ts";
import {
  encodeBits,
  encodeBoolean,
  encodeElement,
  encodeInteger,
  encodeNamedBits,
  encodeSequence,
  encodeTime,
} from "../../der/der-writer.ts";
import { contextConstructedTag, contextTag, tag } from "../../der/tag.ts";
import { encodeSignatureAlgorithm } from "../../signature/encode-signature-algorithm.ts";
import { buildCrlIndex } from "../crl-index.ts";
import type { CertificateRevocationList } from "../certificate-revocation-list.ts";
import { parseCrl } from "../parse-crl.ts";

const now = testPki().now;
const day = 86_400;

export type Revocation = {
  readonly certificate: TestCertificate;
  readonly reason?: number;
  /** The certificate's issuer, where it is not the list's. */
  readonly certificateIssuer?: TestCertificate;
  readonly extensions?: readonly ExtensionDescription[];
};

export type CrlRequest = {
  readonly revoked?: readonly Revocation[];
  readonly thisUpdate?: UnixSeconds;
  readonly nextUpdate?: UnixSeconds | undefined;
  readonly number?: number | undefined;
  readonly base?: number;
  /** Another key than the issuer's. */
  readonly signer?: TestCertificate;
  readonly scope?: Uint8Array;
  readonly extraExtensions?: readonly ExtensionDescription[];
  readonly version?: 1 | 2;
};

/** A revocation list of `issuer`, whose key must be P-256, fresh for a day around the tests' time. */
export function mintCrlDer(issuer: TestAuthority, request: CrlRequest = {}): Uint8Array {
  const algorithm = encodeSignatureAlgorithm({ type: "ecdsa", hash: "sha256" });
  const version = request.version ?? 2;
  const { nextUpdate = now + day, thisUpdate = now - day, revoked = [] } = request;
  const extensions = version === 1 ? [] : crlExtensions(issuer, request);
  const tbs = encodeSequence(
    ...(version === 2 ? [encodeInteger(1)] : []),
    algorithm,
    encodeName(issuer.request.subject),
    encodeTime(thisUpdate),
    ...("nextUpdate" in request && request.nextUpdate === undefined ? [] : [encodeTime(nextUpdate)]),
    ...(revoked.length === 0 ? [] : [encodeSequence(...revoked.map(encodeEntry))]),
    ...(extensions.length === 0
      ? []
      : [encodeElement(contextConstructedTag(0), encodeSequence(...extensions.map(encodeExtension)))]),
  );
  const signature = sign("sha256", tbs, (request.signer ?? issuer).keyPair.privateKey);
  return encodeSequence(tbs, algorithm, encodeBits(signature));
}

export function mintCrl(issuer: TestAuthority, request: CrlRequest = {}): CertificateRevocationList {
  const parsed = parseCrl(mintCrlDer(issuer, request));
  if (!parsed.ok) throw new Error(`the minted list does not parse: ${JSON.stringify(parsed.problem)}`);
  return parsed.crl;
}

export function hardFail(...crls: readonly CertificateRevocationList[]) {
  return { revocation: { crls: buildCrlIndex(crls), mode: "hard-fail" } } as const;
}

export function softFail(...crls: readonly CertificateRevocationList[]) {
  return { revocation: { crls: buildCrlIndex(crls), mode: "soft-fail" } } as const;
}

/** IssuingDistributionPoint, RFC 5280 §5.2.5. */
export function scope(parts: {
  readonly uri?: string;
  readonly only?: "user" | "ca" | "attribute";
  readonly reasons?: readonly number[];
  readonly indirect?: boolean;
}): Uint8Array {
  const flag = (number: number): Uint8Array => encodeElement(contextTag(number), encodeBoolean(true).subarray(2));
  return encodeSequence(
    ...(parts.uri === undefined ? [] : [distributionPointName(parts.uri)]),
    ...(parts.only === "user" ? [flag(1)] : []),
    ...(parts.only === "ca" ? [flag(2)] : []),
    ...(parts.reasons === undefined ? [] : [encodeElement(contextTag(3), encodeNamedBits(parts.reasons).subarray(2))]),
    ...(parts.indirect ? [flag(4)] : []),
    ...(parts.only === "attribute" ? [flag(5)] : []),
  );
}

/** CRLDistributionPoints with one point, RFC 5280 §4.2.1.13. */
export function distributionPoint(parts: {
  readonly uri?: string;
  readonly reasons?: readonly number[];
  readonly cRLIssuer?: TestCertificate;
}): ExtensionDescription {
  const point = encodeSequence(
    ...(parts.uri === undefined ? [] : [distributionPointName(parts.uri)]),
    ...(parts.reasons === undefined ? [] : [encodeElement(contextTag(1), encodeNamedBits(parts.reasons).subarray(2))]),
    ...(parts.cRLIssuer === undefined ? [] : [encodeElement(contextConstructedTag(2), directoryName(parts.cRLIssuer))]),
  );
  return { oid: extensionOid.cRLDistributionPoints, critical: false, value: encodeSequence(point) };
}

function distributionPointName(uri: string): Uint8Array {
  const name = encodeElement(contextTag(6), new TextEncoder().encode(uri));
  return encodeElement(contextConstructedTag(0), encodeElement(contextConstructedTag(0), name));
}

function directoryName({ request }: TestCertificate): Uint8Array {
  return encodeElement(contextConstructedTag(4), encodeName(request.subject));
}

function crlExtensions(issuer: TestAuthority, request: CrlRequest): readonly ExtensionDescription[] {
  const number = "number" in request ? request.number : 1;
  const { keyIdentifier } = (request.signer ?? issuer).asIssuer;
  const found: readonly (ExtensionDescription | undefined)[] = [
    number === undefined
      ? undefined
      : { oid: crlExtensionOid.cRLNumber, critical: false, value: encodeInteger(number) },
    keyIdentifier && {
      oid: extensionOid.authorityKeyIdentifier,
      critical: false,
      value: encodeSequence(encodeElement(contextTag(0), keyIdentifier)),
    },
    request.base === undefined
      ? undefined
      : { oid: crlExtensionOid.deltaCRLIndicator, critical: true, value: encodeInteger(request.base) },
    request.scope && { oid: crlExtensionOid.issuingDistributionPoint, critical: true, value: request.scope },
    ...(request.extraExtensions ?? []),
  ];
  return found.filter((extension) => extension !== undefined);
}

function encodeEntry({ certificate, reason, certificateIssuer, extensions = [] }: Revocation): Uint8Array {
  const all: readonly ExtensionDescription[] = [
    ...(reason === undefined
      ? []
      : [{ oid: crlExtensionOid.reasonCode, critical: false, value: Uint8Array.of(0x0a, 1, reason) }]),
    ...(certificateIssuer === undefined
      ? []
      : [
          {
            oid: crlExtensionOid.certificateIssuer,
            critical: true,
            value: encodeSequence(directoryName(certificateIssuer)),
          },
        ]),
    ...extensions,
  ];
  return encodeSequence(
    encodeElement(tag.integer, certificate.certificate.serialNumber),
    encodeTime(now - day),
    ...(all.length === 0 ? [] : [encodeSequence(...all.map(encodeExtension))]),
  );
}
