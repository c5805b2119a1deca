import type { AuthorityKeyIdentifier, UnixSeconds } from "../certificate/certificate.ts";
import type { DistributionPointName, ReasonMask } from "../certificate/distribution-point.ts";
import type { Name } from "../certificate/name.ts";
import type { AlgorithmIdentifier } from "../certificate/subject-public-key-info.ts";
import { toHex } from "../text/hex.ts";

/** An X.509 CRL as RFC 5280 §5.1 defines it, decoded once and never changed. Byte fields are views into `der`. */
export type CertificateRevocationList = {
  readonly der: Uint8Array;
  /** tbsCertList with its header: the signed bytes. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly issuer: Name;
  readonly thisUpdate: UnixSeconds;
  /** Absent in lists that break the profile; such a list is never fresh. */
  readonly nextUpdate: UnixSeconds | undefined;
  /** By `entryKey`. */
  readonly entries: ReadonlyMap<string, RevokedCertificate>;
  readonly extensions: CrlExtensions;
  /** Deviations from the profile that do not change what the list says; errors in the strict profile. */
  readonly findings: readonly CrlFinding[];
};

export type RevokedCertificate = {
  readonly revocationDate: UnixSeconds;
  /** CRLReason, RFC 5280 §5.3.1; undefined where it is not told. */
  readonly reason: number | undefined;
};

/** CRLReason 8: in a delta CRL, that the certificate is no longer on the complete one. */
export const removeFromCrl = 8;

export type CrlExtensions = {
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier;
  /** Content octets of the INTEGER as lower-case hex without leading zeros: these numbers have up to 20 octets. */
  readonly cRLNumber?: string;
  /** BaseCRLNumber in the same form; present in a delta CRL only. */
  readonly deltaCRLIndicator?: string;
  readonly issuingDistributionPoint?: IssuingDistributionPoint;
  /** OIDs of critical extensions, of the list or of an entry, that are not understood: such a list decides nothing (§5.2). */
  readonly unknownCritical: readonly string[];
};

/** RFC 5280 §5.2.5. */
export type IssuingDistributionPoint = {
  readonly name?: DistributionPointName;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  readonly onlySomeReasons?: ReasonMask;
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
  /** The extension's value: two lists have the same scope when these are equal. */
  readonly der: Uint8Array;
};

export type CrlFinding = { readonly what: string; readonly cites: string };

/** What an entry is found by: the certificate's issuer and serial number (§5.3.3 lets one list speak for several issuers). */
export function entryKey(issuer: Name, serialNumber: Uint8Array): string {
  return `${toHex(serialNumber)}|${issuer.canonical}`;
}
