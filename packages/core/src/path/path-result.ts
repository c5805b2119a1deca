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

export type PathResult =
  | { readonly verdict: "accepted"; readonly path: VerifiedPath; readonly attempts: readonly PathAttempt[] }
  | {
      readonly verdict: "refused" | "undetermined";
      readonly reason: PathProblem;
      readonly attempts: readonly PathAttempt[];
    };
