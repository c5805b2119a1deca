import type { Certificate } from "../certificate/certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import { maxCertificateBytes, parseCertificate } from "../certificate/parse-certificate.ts";
import { decodePem, type PemProblem } from "../pem/decode-pem.ts";
import type { FindingCode } from "../rules/finding-code.ts";
import type { Finding } from "../rules/finding.ts";
import type { Evidence, Member } from "../rules/rule.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";

/** mETS: 300 certificates in a version. */
export const maxCertificatesPerVersion = 300;
/** Base64 of the largest certificate, with line ends and explanatory text. */
const maxPemCharacters = 2 * maxCertificateBytes;

export type SubmittedCertificate = { readonly certificatePem: string; readonly description?: string | null };

/** The submission as read: one certificate or undefined per entry, and the distinct ones in order of their first copy. */
export type Submission = {
  readonly certificates: readonly (Certificate | undefined)[];
  readonly members: readonly Member[];
  readonly findings: readonly Finding[];
};

/** Reads exactly one certificate from each entry; everything else is a finding, and copies are kept once. */
export function readSubmission(
  entries: readonly SubmittedCertificate[],
  crypto: Pick<CryptoPort, "sha256">,
): Submission {
  const findings: Finding[] = [];
  const members = new Map<string, Member>();
  const certificates = entries.slice(0, maxCertificatesPerVersion).map((entry, index) => {
    const read = readEntry(entry, crypto);
    if (!read.ok) {
      findings.push(finding(read.code, "error", index, undefined, read.evidence, read.cites));
      return undefined;
    }
    const { certificate } = read;
    const first = members.get(certificate.fingerprint);
    if (first === undefined) members.set(certificate.fingerprint, { index, certificate });
    else findings.push(duplicate(index, first, entry, certificate));
    return certificate;
  });
  if (entries.length > maxCertificatesPerVersion) findings.push(tooMany(entries.length));
  return { certificates, members: [...members.values()], findings };
}

type EntryRead =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly code: FindingCode; readonly evidence: Evidence; readonly cites: string };

function readEntry({ certificatePem }: SubmittedCertificate, crypto: Pick<CryptoPort, "sha256">): EntryRead {
  if (certificatePem.length > maxPemCharacters) {
    return refuse(
      "malformed-certificate",
      { reason: "der-too-large", expected: `at most ${maxPemCharacters} characters` },
      "RFC 7468 §5",
    );
  }
  const { blocks, problems } = decodePem(certificatePem, { maxBlocks: maxCertificatesPerVersion + 1 });
  const problem = problems[0];
  if (problem !== undefined) return refusePem(problem);
  if (blocks.length > 1)
    return refuse("several-certificates", { actual: blocks.length, expected: 1 }, "mETS, certificatePem");
  const parsed = parseCertificate(blocks[0]?.der ?? new Uint8Array(), crypto);
  if (parsed.ok) return parsed;
  const { code, offset, expected } = parsed.problem;
  return refuse("malformed-certificate", { reason: code, offset, expected }, "RFC 5280 §4.1");
}

function refusePem({ code, line, offset, label, expected }: PemProblem): EntryRead {
  const where = { line, offset, expected, ...(label !== undefined && { label }) };
  if (code === "pem-unexpected-block") return refuse("unexpected-pem-block", where, "RFC 7468 §5");
  return refuse("malformed-certificate", { reason: code, ...where }, "RFC 7468 §2");
}

function refuse(code: FindingCode, evidence: Evidence, cites: string): EntryRead {
  return { ok: false, code, evidence, cites };
}

function duplicate(index: number, first: Member, entry: SubmittedCertificate, certificate: Certificate): Finding {
  const evidence = { firstIndex: first.index, description: entry.description ?? null };
  return finding("duplicate-certificate", "warning", index, certificate, evidence, "mETS, certificates");
}

function tooMany(actual: number): Finding {
  const evidence = { actual, limit: maxCertificatesPerVersion };
  return finding("certificate-limit-reached", "error", undefined, undefined, evidence, "mETS, limits");
}

export function finding(
  code: FindingCode,
  severity: Finding["severity"],
  index: number | undefined,
  certificate: Certificate | undefined,
  evidence: Evidence,
  cites: string,
): Finding {
  const subject = certificate === undefined ? undefined : formatName(certificate.subject);
  return { code, severity, index, subject, fingerprint: certificate?.fingerprint, evidence, cites };
}
