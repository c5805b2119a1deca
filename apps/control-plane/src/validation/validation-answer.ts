import {
  type CaSetOptions,
  type Certificate,
  type ChainStructure,
  chainStructure,
  encodeBase64,
  type Finding,
  findingDetail,
  findingTitle,
  formatName,
  formatSerialNumber,
  formatSignatureAlgorithm,
  formatTime,
  type Occasion,
  type ProblemItem,
  readSubmission,
  type SubmittedCertificate,
  validateCaSet,
  versionDigest,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";

/** What a validation is asked, in a form that crosses a thread. */
export type ValidationQuestion = {
  readonly certificates: readonly SubmittedCertificate[];
  readonly options: CaSetOptions;
  readonly occasion: Occasion;
  readonly now: number;
  readonly wasActiveBefore?: boolean;
  readonly sendsCaNames?: boolean;
};

/** What mETS shows of a certificate, and the DER to keep. */
export type CertificateFacts = {
  readonly subject: string;
  readonly issuer: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly fingerprint: string;
  readonly serialNumber: string;
  readonly signatureAlgorithm: string;
};

export type ValidatedEntry = { readonly facts: CertificateFacts; readonly der: string };

export type ValidationAnswer = {
  readonly errors: readonly ProblemItem[];
  readonly warnings: readonly ProblemItem[];
  readonly advisories: readonly ProblemItem[];
  /** For each submitted entry what was read from it, copies included; null where nothing could be. */
  readonly entries: readonly (ValidatedEntry | null)[];
  /** Positions of the distinct certificates. */
  readonly distinct: readonly number[];
  readonly digest: string;
  readonly trustChains: ChainStructure;
};

/** Reads and validates a submission. Pure but for the crypto library; runs wherever there is time for it. */
export function answerValidation(question: ValidationQuestion): ValidationAnswer {
  const submission = readSubmission(question.certificates, nodeCrypto);
  const { findings, graph } = validateCaSet(submission, question, nodeCrypto);
  const members = submission.members.map(({ certificate }) => certificate);
  const items = (severity: Finding["severity"]): readonly ProblemItem[] =>
    findings.filter((finding) => finding.severity === severity).map((finding) => problemItem(finding, question));
  return {
    errors: items("error"),
    warnings: items("warning"),
    advisories: items("advice"),
    entries: submission.certificates.map((certificate) => (certificate === undefined ? null : entryOf(certificate))),
    distinct: submission.members.map(({ index }) => index),
    digest: versionDigest(
      members.map(({ fingerprint }) => fingerprint),
      question.options,
      nodeCrypto,
    ),
    trustChains: chainStructure(members, graph),
  };
}

function entryOf(certificate: Certificate): ValidatedEntry {
  return { facts: certificateFacts(certificate), der: encodeBase64(certificate.der) };
}

function certificateFacts(certificate: Certificate): CertificateFacts {
  return {
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    startDate: formatTime(certificate.notBefore),
    endDate: formatTime(certificate.notAfter),
    fingerprint: certificate.fingerprint,
    serialNumber: formatSerialNumber(certificate),
    signatureAlgorithm: formatSignatureAlgorithm(certificate),
  };
}

/** mETS ties an item to its certificate by a pointer of this form only; `fingerPrint` is its spelling. */
function problemItem(finding: Finding, { certificates, occasion }: ValidationQuestion): ProblemItem {
  const { code, index, subject, fingerprint, evidence, cites } = finding;
  const description = index === undefined ? undefined : (certificates[index]?.description ?? null);
  const about = {
    ...(subject !== undefined && { subject }),
    ...(fingerprint !== undefined && { fingerPrint: fingerprint, fingerprint }),
  };
  return {
    type: code,
    title: findingTitle(code),
    detail: findingDetail(finding),
    // A clone or a deployment has no body that a pointer could point into.
    ...(index !== undefined && occasion !== "clone" && occasion !== "deploy" && { pointer: `/certificates/${index}` }),
    contextInfo: { ...about, ...(description !== undefined && { description }), ...evidence, cites },
  };
}
