import type { ProfileFindingCode } from "../certificate/certificate.ts";

/** Every code a validation can answer with. The tables of severities and texts are exhaustive over it. */
export type FindingCode =
  | "malformed-certificate"
  | "unexpected-pem-block"
  | "several-certificates"
  | "not-a-ca-certificate"
  | "legacy-v1-root"
  | "key-usage-not-cert-sign"
  | "expired-certificate"
  | "not-yet-valid-certificate"
  | "expiring-certificate"
  | "insecure-signature-algorithm"
  | "weak-key"
  | "duplicate-certificate"
  | "same-common-name"
  | "issuer-not-in-set"
  | "broken-chain"
  | "constraint-conflict"
  | "ca-list-too-large"
  | "certificate-limit-reached"
  | ProfileFindingCode;
