import type { Certificate, UnixSeconds } from "../certificate/certificate.ts";

/** Why a candidate path ends. Closed; every code has a clause, an OpenSSL number and a text in exhaustive tables. */
export type PathProblemCode =
  | "issuer-not-found"
  | "not-an-anchor"
  | "signature-invalid"
  | "sig-alg-unsupported"
  | "sig-alg-weak"
  | "sig-key-type-mismatch"
  | "not-yet-valid"
  | "expired"
  | "not-a-ca"
  | "basic-constraints-missing"
  | "key-usage-no-cert-sign"
  | "key-usage-not-permitted"
  | "path-length-exceeded"
  | "eku-not-permitted"
  | "ca-eku-not-permitted"
  | "eku-missing"
  | "nc-not-permitted"
  | "nc-excluded"
  | "nc-malformed"
  | "nc-unsupported-form"
  | "nc-unparseable-name"
  | "unknown-critical-extension"
  | "key-too-weak"
  | "key-too-big"
  | "key-curve-not-allowed"
  | "ec-explicit-curve"
  | "policy-explicit-required"
  | "policy-mapping-any"
  | "revoked"
  | "crl-not-found"
  | "crl-expired"
  | "crl-not-yet-valid"
  | "crl-signature-invalid"
  | "crl-signer-key-usage"
  | "crl-scope-unsupported"
  | "profile-violation"
  | "budget-signatures"
  | "budget-cost"
  | "budget-steps"
  | "budget-path-length"
  | "budget-name-constraints"
  | "budget-presented";

export type PathProblem = {
  readonly code: PathProblemCode;
  /** Position in the attempted path: 0 is the leaf. */
  readonly index: number;
  readonly certificate: Certificate;
  readonly cites: string;
  /** X509_V_ERR_* that an OpenSSL engine would log; undefined where it has none. */
  readonly openSslError: number | undefined;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
};

/** Leaf first, the anchor last. Made only by the validator. */
export type VerifiedPath = {
  readonly certificates: readonly Certificate[];
  readonly anchor: Certificate;
  readonly validatedAt: UnixSeconds;
};

export type PathAttempt = { readonly certificates: readonly Certificate[]; readonly problem: PathProblem };

/**
 * Where an engine on OpenSSL (HAProxy, NGINX) would decide otherwise than this validator and RFC 5280.
 *
 * About an accepted client: `openssl-not-after-exclusive`: it takes the last second of validity as expired; `openssl-any-eku`:
 * it does not take anyExtendedKeyUsage for the purpose; `openssl-issuer-filter`: it never tries an issuer whose key identifier
 * differs, or goes on above a certificate that looks self-signed; `openssl-no-backtracking`: it follows another path first,
 * which fails; `openssl-common-name-as-dns`: without a dNSName it holds the Common Name against DNS constraints.
 *
 * About a refused one: `openssl-ca-by-key-usage`: it takes keyCertSign for basicConstraints; `openssl-wildcard-not-excluded`:
 * it lets a wildcard name cover an excluded one; `openssl-leading-dot`: it takes a DNS constraint with a leading dot.
 */
export type FleetAdvice = {
  readonly code:
    | "openssl-not-after-exclusive"
    | "openssl-any-eku"
    | "openssl-issuer-filter"
    | "openssl-no-backtracking"
    | "openssl-common-name-as-dns"
    | "openssl-ca-by-key-usage"
    | "openssl-wildcard-not-excluded"
    | "openssl-leading-dot";
  readonly certificate: Certificate;
  /** Why the path that it follows instead fails. */
  readonly stop?: PathProblemCode;
};

export type PathResult =
  | {
      readonly verdict: "accepted";
      readonly path: VerifiedPath;
      readonly attempts: readonly PathAttempt[];
      /** Empty unless it was asked for. */
      readonly advice: readonly FleetAdvice[];
    }
  | {
      readonly verdict: "refused" | "undetermined";
      /** The attempt that tells best why: see `isBetterReason`. */
      readonly reason: PathProblem;
      readonly attempts: readonly PathAttempt[];
      readonly advice: readonly FleetAdvice[];
    };
