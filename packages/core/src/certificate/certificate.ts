import type { Name } from "./name.ts";
import type { GeneralName, NameConstraints } from "./general-name.ts";
import type { AlgorithmIdentifier, SubjectPublicKeyInfo } from "./subject-public-key-info.ts";

/** Whole seconds since 1970-01-01T00:00:00Z: the resolution of RFC 5280 §4.1.2.5. */
export type UnixSeconds = number;

/**
 * An X.509 certificate as RFC 5280 §4.1 defines it, decoded once and never changed.
 *
 * Every byte field is a view into `der`; nothing is copied. What RFC 5280's profile forbids but real CA certificates
 * contain is not a parse error: it is listed in `findings`, and the rules decide.
 */
export type Certificate = {
  /** The exact bytes, checked to be DER. The identity of the certificate. */
  readonly der: Uint8Array;
  /** SHA-256 of `der`, 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** tbsCertificate with its header: the signed bytes. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Content octets of the INTEGER, as encoded. */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** Content of signatureValue without its unused-bits octet (which must be 0). */
  readonly signature: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: UnixSeconds;
  /** Inclusive, RFC 5280 §4.1.2.5. */
  readonly notAfter: UnixSeconds;
  readonly publicKey: SubjectPublicKeyInfo;
  readonly extensions: Extensions;
  /** Deviations from the RFC 5280 profile, in order of their offset. Never a reason to refuse parsing. */
  readonly findings: readonly ProfileFinding[];
};

/** Decoded extensions; absent ones are undefined. `all` holds every extension as it stands. */
export type Extensions = {
  readonly all: ReadonlyMap<string, Extension>;
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier;
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly keyUsage?: KeyUsage;
  readonly basicConstraints?: BasicConstraints;
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectAltName?: readonly GeneralName[];
  readonly nameConstraints?: NameConstraints;
  readonly certificatePolicies?: readonly string[];
  readonly policyMappings?: readonly PolicyMapping[];
  readonly policyConstraints?: PolicyConstraints;
  readonly inhibitAnyPolicy?: number;
  /** OIDs of critical extensions this decoder does not understand, RFC 5280 §4.2. */
  readonly unknownCritical: readonly string[];
};

export type Extension = {
  /** Dotted decimal. */
  readonly oid: string;
  readonly critical: boolean;
  /** Content of extnValue. */
  readonly value: Uint8Array;
  /** Where the Extension SEQUENCE starts in the certificate, in bytes. */
  readonly offset: number;
};

/** RFC 5280 §4.2.1.9. */
export type BasicConstraints = { readonly cA: boolean; readonly pathLenConstraint?: number };

/** RFC 5280 §4.2.1.3. */
export type KeyUsage = {
  readonly digitalSignature: boolean;
  readonly nonRepudiation: boolean;
  readonly keyEncipherment: boolean;
  readonly dataEncipherment: boolean;
  readonly keyAgreement: boolean;
  readonly keyCertSign: boolean;
  readonly cRLSign: boolean;
  readonly encipherOnly: boolean;
  readonly decipherOnly: boolean;
};

/** RFC 5280 §4.2.1.1. */
export type AuthorityKeyIdentifier = {
  readonly keyIdentifier?: Uint8Array;
  readonly authorityCertIssuer?: readonly GeneralName[];
  readonly authorityCertSerialNumber?: Uint8Array;
};

/** RFC 5280 §4.2.1.5. */
export type PolicyMapping = { readonly issuerDomainPolicy: string; readonly subjectDomainPolicy: string };

/** RFC 5280 §4.2.1.11. */
export type PolicyConstraints = { readonly requireExplicitPolicy?: number; readonly inhibitPolicyMapping?: number };

/** One deviation from the profile of RFC 5280 that real certificates show. */
export type ProfileFinding = { readonly code: ProfileFindingCode; readonly offset: number; readonly cites: string };

export type ProfileFindingCode =
  | "profile-serial-zero"
  | "profile-serial-negative"
  | "profile-serial-too-long"
  | "profile-explicit-default"
  | "profile-explicit-v1"
  | "profile-time-type"
  | "profile-ski-missing"
  | "profile-aki-missing"
  | "profile-aki-critical"
  | "profile-ski-critical"
  | "profile-basic-constraints-not-critical"
  | "profile-name-constraints-not-critical"
  | "profile-policy-constraints-not-critical"
  | "profile-empty-subject"
  | "profile-empty-issuer"
  | "profile-unique-identifier"
  | "profile-key-usage-empty"
  | "profile-named-bits"
  | "profile-path-len-without-ca"
  | "profile-dns-name-control-character";
