import type { PathProblemCode } from "./path-result.ts";

export type PathProblemFacts = {
  readonly cites: string;
  /** X509_V_ERR_* as an operator sees it in the logs of OpenSSL engines. */
  readonly openSslError: number | undefined;
  /** What it means and what to do, for people. */
  readonly sentence: string;
};

export const pathProblemFacts: Readonly<Record<PathProblemCode, PathProblemFacts>> = {
  "issuer-not-found": fact(
    "RFC 5280 §6.1",
    20,
    "No certificate of the set or of the client bears the issuer's name. Send the missing intermediate, or add the issuing CA to the set.",
  ),
  "not-an-anchor": fact(
    "RFC 5280 §6.1.1",
    2,
    "The path ends at a certificate that is not trusted here. Add it to the set, or let the client chain to a member.",
  ),
  "signature-invalid": fact(
    "RFC 5280 §6.1.3 (a)(1)",
    7,
    "The issuer of that name did not sign this certificate: another CA has the same name, or the certificate was altered.",
  ),
  "sig-alg-unsupported": fact(
    "RFC 5280 §4.1.1.2",
    76,
    "The signature or key algorithm is not one that is verified here. Issue the certificate again with RSA, ECDSA, Ed25519 or ML-DSA.",
  ),
  "sig-alg-weak": fact(
    "RFC 9155",
    68,
    "The signature uses MD5 or SHA-1, which can be forged. Issue the certificate again with SHA-256.",
  ),
  "sig-key-type-mismatch": fact("RFC 5280 §4.1.1.2", 76, "The signature algorithm does not fit the issuer's key."),
  "not-yet-valid": fact(
    "RFC 5280 §6.1.3 (a)(2)",
    9,
    "The certificate is not valid yet. Check the clock, or wait until its notBefore.",
  ),
  expired: fact("RFC 5280 §6.1.3 (a)(2)", 10, "The certificate has expired. Renew it."),
  "not-a-ca": fact("RFC 5280 §6.1.4 (k)", 79, "The issuing certificate is not a CA certificate: cA is FALSE."),
  "basic-constraints-missing": fact(
    "RFC 5280 §6.1.4 (k)",
    79,
    "The issuing certificate has no basicConstraints, so it is not a CA certificate.",
  ),
  "key-usage-no-cert-sign": fact(
    "RFC 5280 §6.1.4 (n)",
    32,
    "The issuing certificate's keyUsage does not allow it to sign certificates.",
  ),
  "key-usage-not-permitted": fact(
    "RFC 5280 §4.2.1.3",
    26,
    "The client certificate's keyUsage does not allow signatures, which the handshake needs.",
  ),
  "path-length-exceeded": fact(
    "RFC 5280 §6.1.4 (m)",
    25,
    "More intermediate CAs follow than the CA's pathLenConstraint allows.",
  ),
  "eku-not-permitted": fact(
    "RFC 5280 §4.2.1.12",
    26,
    "The certificate's extendedKeyUsage does not allow client authentication.",
  ),
  "ca-eku-not-permitted": fact(
    "RFC 5280 §4.2.1.12",
    26,
    "The issuing CA's extendedKeyUsage does not allow client authentication.",
  ),
  "eku-missing": fact("RFC 5280 §4.2.1.12", 26, "The certificate has no extendedKeyUsage, and one is required."),
  "nc-not-permitted": fact(
    "RFC 5280 §6.1.3 (b)",
    47,
    "A name of the certificate lies outside what its CA may issue for.",
  ),
  "nc-excluded": fact("RFC 5280 §6.1.3 (c)", 48, "A name of the certificate is one that its CA must not issue for."),
  "nc-malformed": fact("RFC 5280 §4.2.1.10", 52, "The CA's name constraints cannot be understood."),
  "nc-unsupported-form": fact(
    "RFC 5280 §4.2.1.10",
    51,
    "The CA constrains a form of name that cannot be checked here.",
  ),
  "nc-unparseable-name": fact(
    "RFC 5280 §4.2.1.10",
    53,
    "A name of the certificate is not well formed, so that its CA's constraints cannot be checked.",
  ),
  "unknown-critical-extension": fact(
    "RFC 5280 §6.1.4 (o)",
    34,
    "The certificate has a critical extension that is not understood here.",
  ),
  "key-too-weak": fact(
    "NIST SP 800-57 Part 1 §5.6.1",
    66,
    "The key is too weak. Issue the certificate again with RSA of 2048 bits or more, or with P-256.",
  ),
  "key-too-big": fact("RFC 5280 §4.1.2.7", 66, "The key is so large that verifying with it is refused."),
  "key-curve-not-allowed": fact(
    "RFC 5480 §2.1.1",
    66,
    "The key's curve is not one that is accepted. Use P-256, P-384 or P-521.",
  ),
  "ec-explicit-curve": fact(
    "RFC 5480 §2.1.1",
    94,
    "The key spells out its curve's parameters instead of naming the curve.",
  ),
  "policy-explicit-required": fact(
    "RFC 5280 §6.1.5 (g)",
    43,
    "A CA demands a certificate policy that the path does not carry.",
  ),
  "policy-mapping-any": fact("RFC 5280 §6.1.4 (a)", 42, "A CA maps anyPolicy, which is not allowed."),
  revoked: fact("RFC 5280 §6.3.3", 23, "The certificate was revoked by its CA."),
  "crl-not-found": fact("RFC 5280 §6.3.3", 3, "No revocation list of the issuing CA is at hand."),
  "crl-expired": fact("RFC 5280 §6.3.3 (a)", 12, "The revocation list is out of date."),
  "crl-not-yet-valid": fact("RFC 5280 §5.1.2.4", 11, "The revocation list is not valid yet."),
  "crl-signature-invalid": fact("RFC 5280 §6.3.3 (g)", 8, "The revocation list was not signed by the CA."),
  "crl-signer-key-usage": fact(
    "RFC 5280 §6.3.3 (f)",
    35,
    "The CA's keyUsage does not allow it to sign revocation lists.",
  ),
  "crl-scope-unsupported": fact(
    "RFC 5280 §6.3.3 (b)",
    44,
    "The revocation list covers only part of the CA's certificates, in a way that is not supported.",
  ),
  "profile-violation": fact(
    "RFC 5280 §4",
    undefined,
    "The certificate breaks the profile of RFC 5280, which is an error in the strict profile.",
  ),
  "budget-signatures": fact("CVE-2018-16875", 22, "No verdict: too many signatures would have to be verified."),
  "budget-cost": fact("CVE-2018-16875", 22, "No verdict: verifying the signatures would cost too much."),
  "budget-steps": fact("CVE-2018-16875", 22, "No verdict: too many candidate issuers would have to be tried."),
  "budget-path-length": fact("RFC 5280 §6.1", 22, "No verdict: the path is longer than is followed here."),
  "budget-name-constraints": fact(
    "CVE-2024-0567",
    22,
    "No verdict: too many names would have to be compared with constraints.",
  ),
  "budget-presented": fact("RFC 8446 §4.4.2", 22, "No verdict: the client sent more certificates than are read."),
};

function fact(cites: string, openSslError: number | undefined, sentence: string): PathProblemFacts {
  return { cites, openSslError, sentence };
}
