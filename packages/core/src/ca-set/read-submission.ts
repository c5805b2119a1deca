import type { Certificate } from "../certificate/certificate.ts";
import { formatName } from "../certificate/format-name.ts";
import { maxCertificateBytes, parseCertificate } from "../certificate/parse-certificate.ts";
import { decodePem, type PemBlock, type PemProblem } from "../pem/decode-pem.ts";
import type { FindingCode } from "../rules/finding-code.ts";
import type { Finding } from "../rules/finding.ts";
import type { Evidence, Member } from "../rules/rule.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";

/** mETS: 300 certificates in a version. */
export const maxCertificatesPerVersion = 300;
/** Base64 of the largest certificate, with line ends and explanatory text. */
const maxPemCharacters = 2 * maxCertificateBytes;
/** A whole bundle put into one field is told its number of certificates. */
const maxBlocksPerEntry = maxCertificatesPerVersion + 1;
/** Enough to repair a file by; 300 entries of rubbish stay an answer of bounded size. */
const maxProblemsPerEntry = 16;

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
    const { certificate, refusals } = readEntry(entry, crypto);
    for (const refusal of refusals) findings.push(finding({ ...refusal, severity: "error", index }));
    if (certificate === undefined) return undefined;
    const first = members.get(certificate.fingerprint);
    if (first === undefined) members.set(certificate.fingerprint, { index, certificate });
    else findings.push(duplicate(index, first, entry, certificate));
    return certificate;
  });
  if (entries.length > maxCertificatesPerVersion) findings.push(tooMany(entries.length));
  return { certificates, members: [...members.values()], findings };
}

type Refusal = { readonly code: FindingCode; readonly evidence: Evidence; readonly cites: string };
type EntryRead = { readonly certificate?: Certificate; readonly refusals: readonly Refusal[] };

function readEntry({ certificatePem }: SubmittedCertificate, crypto: Pick<CryptoPort, "sha256">): EntryRead {
  if (certificatePem.length > maxPemCharacters) {
    const evidence = { reason: "der-too-large", expected: `at most ${maxPemCharacters} characters` };
    return { refusals: [{ code: "malformed-certificate", evidence, cites: "RFC 7468 §5" }] };
  }
  const { blocks, problems } = decodePem(certificatePem, { maxBlocks: maxBlocksPerEntry });
  const refusals = problems.slice(0, maxProblemsPerEntry).map(refusePem);
  if (blocks.length > 1) {
    const evidence = { actual: blocks.length, expected: 1 };
    refusals.push({ code: "several-certificates", evidence, cites: "mETS, certificatePem" });
  }
  const [block] = blocks;
  return refusals.length > 0 || block === undefined ? { refusals } : readBlock(block, crypto);
}

function readBlock({ der, line }: PemBlock, crypto: Pick<CryptoPort, "sha256">): EntryRead {
  const parsed = parseCertificate(der, crypto);
  if (parsed.ok) return { certificate: parsed.certificate, refusals: [] };
  const { code, offset, expected } = parsed.problem;
  const evidence = { reason: code, offset, line, expected };
  return { refusals: [{ code: "malformed-certificate", evidence, cites: "RFC 5280 §4.1" }] };
}

/** Positions in the text are lines; `offset` is for bytes of a certificate. */
function refusePem({ code, line, label, expected }: PemProblem): Refusal {
  const where = { line, expected, ...(label !== undefined && { label }) };
  if (code === "pem-unexpected-block") return { code: "unexpected-pem-block", evidence: where, cites: "RFC 7468 §5" };
  return { code: "malformed-certificate", evidence: { reason: code, ...where }, cites: "RFC 7468 §2" };
}

function duplicate(index: number, first: Member, entry: SubmittedCertificate, certificate: Certificate): Finding {
  const evidence = { firstIndex: first.index, description: entry.description ?? null };
  const cites = "mETS, certificates";
  return finding({ code: "duplicate-certificate", severity: "warning", index, certificate, evidence, cites });
}

function tooMany(actual: number): Finding {
  const evidence = { actual, limit: maxCertificatesPerVersion };
  return finding({ code: "certificate-limit-reached", severity: "error", evidence, cites: "mETS, limits" });
}

/** Without a certificate it is about an entry, and without an index about the set. */
type Found = Pick<Finding, "code" | "severity" | "evidence" | "cites"> & {
  readonly index?: number | undefined;
  readonly certificate?: Certificate | undefined;
};

export function finding({ code, severity, index, certificate, evidence, cites }: Found): Finding {
  const subject = certificate === undefined ? undefined : formatName(certificate.subject);
  return { code, severity, index, subject, fingerprint: certificate?.fingerprint, evidence, cites };
}
