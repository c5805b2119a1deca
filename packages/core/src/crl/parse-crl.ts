import type { UnixSeconds } from "../certificate/certificate.ts";
import type { Name } from "../certificate/name.ts";
import { readName } from "../certificate/parse-name.ts";
import { readAlgorithmIdentifier } from "../certificate/parse-public-key.ts";
import { sameBytes } from "../certificate/same-bytes.ts";
import { DerFault, type DerProblem } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readIntegerOctets, readOctetAlignedBits } from "../der/primitive.ts";
import { contextConstructedTag, tag } from "../der/tag.ts";
import { readTime } from "../der/time.ts";
import {
  type CertificateRevocationList,
  type CrlFinding,
  entryKey,
  type RevokedCertificate,
} from "./certificate-revocation-list.ts";
import { readCrlExtensions, readEntryExtensions } from "./parse-crl-extensions.ts";

/** A quarter of a million entries: larger than any public CA's list, small enough to keep in memory. */
export const maxCrlBytes = 8 * 1024 * 1024;

export type ParsedCrl =
  | { readonly ok: true; readonly crl: CertificateRevocationList }
  | { readonly ok: false; readonly problem: DerProblem };

/**
 * Decodes exactly one DER certificate list, RFC 5280 §5.1, strict about the encoding as the certificate decoder is. Checks no
 * signature and no date.
 */
export function parseCrl(der: Uint8Array): ParsedCrl {
  try {
    return { ok: true, crl: decode(der) };
  } catch (fault) {
    if (fault instanceof DerFault) return { ok: false, problem: fault.problem };
    throw fault;
  }
}

function decode(der: Uint8Array): CertificateRevocationList {
  if (der.length > maxCrlBytes) throw new DerFault("der-too-large", 0, `at most ${maxCrlBytes} bytes`);
  const input = new DerReader(der);
  const body = input.enter(tag.sequence, "a CertificateList");
  input.finish("the certificate list");
  const tbsReader = body.enter(tag.sequence, "a TBSCertList");
  const tbs = body.element();
  const fields = decodeTbs(tbsReader);
  const outerOffset = body.position;
  const outerAlgorithm = readAlgorithmIdentifier(body);
  // §5.1.1.2: the unsigned copy must say what the signed one says.
  if (!sameBytes(outerAlgorithm.der, fields.signatureAlgorithm.der))
    throw new DerFault("der-sigalg-mismatch", outerOffset, "the algorithm named inside tbsCertList");
  const signature = readOctetAlignedBits(body);
  body.finish("signatureValue");
  return { der, tbs, signature, ...fields };
}

function decodeTbs(tbs: DerReader): Omit<CertificateRevocationList, "der" | "tbs" | "signature"> {
  const isVersion2 = readVersion(tbs);
  const signatureAlgorithm = readAlgorithmIdentifier(tbs);
  const issuer = readName(tbs);
  const thisUpdate = readTime(tbs);
  const nextUpdate = isTime(tbs.peekTag()) ? readTime(tbs) : undefined;
  const unknownCritical: string[] = [];
  const entries = tbs.peekTag() === tag.sequence ? readEntries(tbs, issuer, isVersion2, unknownCritical) : new Map();
  const findings: CrlFinding[] = [];
  const hasExtensions = tbs.peekTag() === contextConstructedTag(0);
  // §5.1.2.1: version 2 where there are extensions.
  if (hasExtensions && !isVersion2) throw new DerFault("der-extensions-need-v3", tbs.position, "version 2");
  const extensions = readCrlExtensions(hasExtensions ? tbs : undefined, unknownCritical, findings);
  tbs.finish("tbsCertList");
  if (nextUpdate === undefined) findings.push({ what: "no nextUpdate", cites: "RFC 5280 §5.1.2.5" });
  return { signatureAlgorithm, issuer, thisUpdate, nextUpdate, entries, extensions, findings };
}

function readVersion(tbs: DerReader): boolean {
  if (tbs.peekTag() !== tag.integer) return false;
  const octets = readIntegerOctets(tbs);
  if (octets.length !== 1 || octets[0] !== 1) throw new DerFault("der-bad-version", tbs.start, "version 2");
  return true;
}

function isTime(identifier: number): boolean {
  return identifier === tag.utcTime || identifier === tag.generalizedTime;
}

/** §5.3.3: an entry without certificateIssuer speaks of the issuer of the entry before it, the first of the list's own. */
function readEntries(
  tbs: DerReader,
  issuer: Name,
  isVersion2: boolean,
  unknownCritical: string[],
): ReadonlyMap<string, RevokedCertificate> {
  const list = tbs.enter(tag.sequence, "revokedCertificates");
  const entries = new Map<string, RevokedCertificate>();
  let certificateIssuer = issuer;
  while (!list.atEnd) {
    const entry = list.enter(tag.sequence, "a revoked certificate");
    const serialNumber = readIntegerOctets(entry);
    const revocationDate: UnixSeconds = readTime(entry);
    if (!entry.atEnd && !isVersion2)
      throw new DerFault("der-extensions-need-v3", entry.position, "version 2 where entries have extensions");
    const told = entry.atEnd ? undefined : readEntryExtensions(entry, unknownCritical);
    entry.finish("a revoked certificate");
    certificateIssuer = told?.certificateIssuer ?? certificateIssuer;
    entries.set(entryKey(certificateIssuer, serialNumber), { revocationDate, reason: told?.reason });
  }
  return entries;
}
