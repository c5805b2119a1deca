import type { Certificate } from "../certificate/certificate.ts";
import { formatTime } from "../certificate/format-certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import { pathProblemFacts } from "./path-problem-facts.ts";
import type { FleetAdvice, PathAttempt, PathProblem, PathProblemCode, PathResult } from "./path-result.ts";

/** What the API and `--json` say about a verification: plain data, nothing undefined, the same words everywhere. */
export type DescribedPathResult = {
  readonly verdict: PathResult["verdict"];
  /** One of the stops of `attempts`, or the limit that ended the search. Absent when accepted. */
  readonly reason?: DescribedProblem;
  /** Leaf first, the anchor last. Absent unless accepted. */
  readonly path?: readonly DescribedCertificate[];
  readonly validatedAt?: string;
  /** Every path that was given up, in the order in which they were tried. */
  readonly attempts: readonly DescribedAttempt[];
  readonly advice: readonly DescribedAdvice[];
};

export type DescribedCertificate = {
  readonly subject: string;
  readonly fingerprint: string;
  readonly endDate: string;
};

export type DescribedProblem = {
  readonly code: PathProblemCode;
  /** Position in the path, 0 the leaf. */
  readonly index: number;
  readonly certificate: DescribedCertificate;
  readonly cites: string;
  readonly sentence: string;
  readonly expected?: string;
  readonly actual?: string;
  /** X509_V_ERR_* that an OpenSSL engine logs. */
  readonly openSslError?: number;
};

export type DescribedAttempt = {
  readonly certificates: readonly DescribedCertificate[];
  readonly stop: DescribedProblem;
};

export type DescribedAdvice = {
  readonly code: FleetAdvice["code"];
  readonly certificate: DescribedCertificate;
  readonly sentence: string;
  readonly stop?: PathProblemCode;
};

/** JSON-safe. Names are not escaped for a terminal: `renderPathResult` does that. */
export function describePathResult(result: PathResult): DescribedPathResult {
  const attempts = result.attempts.map(describeAttempt);
  const advice = result.advice.map(describeAdvice);
  if (result.verdict !== "accepted")
    return { verdict: result.verdict, reason: describeProblem(result.reason), attempts, advice };
  const { certificates, validatedAt } = result.path;
  return {
    verdict: "accepted",
    path: certificates.map(describeCertificate),
    validatedAt: formatTime(validatedAt),
    attempts,
    advice,
  };
}

function describeAttempt({ certificates, problem }: PathAttempt): DescribedAttempt {
  return { certificates: certificates.map(describeCertificate), stop: describeProblem(problem) };
}

function describeProblem(problem: PathProblem): DescribedProblem {
  const { code, index, certificate, cites, expected, actual, openSslError } = problem;
  return {
    code,
    index,
    certificate: describeCertificate(certificate),
    cites,
    sentence: pathProblemFacts[code].sentence,
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(openSslError !== undefined && { openSslError }),
  };
}

function describeCertificate({ subject, fingerprint, notAfter }: Certificate): DescribedCertificate {
  return { subject: formatName(subject), fingerprint, endDate: formatTime(notAfter) };
}

const adviceSentences: Readonly<Record<FleetAdvice["code"], string>> = {
  "openssl-not-after-exclusive":
    "Engines on OpenSSL take the last second of the validity period as expired and refuse this client already.",
  "openssl-any-eku":
    "This certificate names anyExtendedKeyUsage instead of client authentication. Engines on OpenSSL do not take one for the other and refuse this client.",
  "openssl-issuer-filter":
    "Engines on OpenSSL never try this issuer: its key identifier is not the one that the certificate below names, or that certificate looks self-signed to them. They may refuse this client.",
  "openssl-no-backtracking":
    "Engines on OpenSSL follow one path only, here one that ends badly, and may refuse this client. Remove or renew the certificate that leads them astray.",
  "openssl-common-name-as-dns":
    "This certificate has no DNS name, and its Common Name looks like one that its CA must not issue for. Engines on OpenSSL refuse this client.",
  "openssl-leading-dot":
    "Engines on OpenSSL take this CA's DNS constraint with a leading dot for all names below it, and may let this client in.",
  "openssl-ca-by-key-usage":
    "Engines on OpenSSL take this certificate for a CA's because its keyUsage has keyCertSign, though it has no basicConstraints, and may let this client in.",
  "openssl-wildcard-not-excluded":
    "Engines on OpenSSL compare a wildcard name letter by letter with what the CA excludes, and may let this client in.",
};

function describeAdvice({ code, certificate, stop }: FleetAdvice): DescribedAdvice {
  const described = { code, certificate: describeCertificate(certificate), sentence: adviceSentences[code] };
  return stop === undefined ? described : { ...described, stop };
}
