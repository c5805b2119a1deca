import { sameCommonName } from "./mets/same-common-name.ts";
import { weakKey } from "./nist/weak-key.ts";
import { keyUsageNotCertSign } from "./rfc5280/key-usage-not-cert-sign.ts";
import { legacyV1Root } from "./rfc5280/legacy-v1-root.ts";
import { notACaCertificate } from "./rfc5280/not-a-ca-certificate.ts";
import { profileRules } from "./rfc5280/profile.ts";
import { expiredCertificate, notYetValidCertificate } from "./rfc5280/validity-period.ts";
import { insecureSignatureAlgorithm } from "./rfc9155/insecure-signature-algorithm.ts";
import type { Rule } from "./rule.ts";
import { caListTooLarge } from "./tls/ca-list-too-large.ts";
import { brokenChain } from "./trust-chain/broken-chain.ts";
import { constraintConflict } from "./trust-chain/constraint-conflict.ts";
import { expiringCertificate } from "./trust-chain/expiring-certificate.ts";
import { issuerNotInSet } from "./trust-chain/issuer-not-in-set.ts";

/** Every rule, in the order in which findings about one certificate are shown. */
export const allRules: readonly Rule[] = [
  notACaCertificate,
  legacyV1Root,
  keyUsageNotCertSign,
  expiredCertificate,
  notYetValidCertificate,
  expiringCertificate,
  insecureSignatureAlgorithm,
  weakKey,
  sameCommonName,
  issuerNotInSet,
  brokenChain,
  constraintConflict,
  caListTooLarge,
  ...profileRules,
];
