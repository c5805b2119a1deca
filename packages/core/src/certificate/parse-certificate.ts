import { DerFault, type DerProblem } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readIntegerOctets, readOctetAlignedBits, requireBitString } from "../der/primitive.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import { readTime } from "../der/time.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";
import type { Certificate, Extensions, ProfileFinding, UnixSeconds } from "./certificate.ts";
import { extensionOid } from "./extension-oid.ts";
import { type Note, noExtensions, readExtensions } from "./parse-extensions.ts";
import { readName } from "./parse-name.ts";
import { readAlgorithmIdentifier, readSubjectPublicKeyInfo } from "./parse-public-key.ts";
import { sameBytes } from "./same-bytes.ts";

/** Larger than any certificate a TLS peer can send (OpenSSL stops at 100 kB for a whole chain). */
export const maxCertificateBytes = 128 * 1024;

export type ParsedCertificate =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly problem: DerProblem };

/**
 * Decodes exactly one DER certificate, RFC 5280 §4.1. Strict about the encoding: what is not DER, or comes after the
 * certificate, is refused with its offset, since a lenient reader gives one certificate several identities. Lenient about
 * the profile: see `findings`. Checks no signature and no date.
 */
export function parseCertificate(der: Uint8Array, crypto: Pick<CryptoPort, "sha256">): ParsedCertificate {
  try {
    return { ok: true, certificate: decode(der, crypto) };
  } catch (fault) {
    if (fault instanceof DerFault) return { ok: false, problem: fault.problem };
    throw fault;
  }
}

function decode(der: Uint8Array, crypto: Pick<CryptoPort, "sha256">): Certificate {
  if (der.length > maxCertificateBytes) throw new DerFault("der-too-large", 0, `at most ${maxCertificateBytes} bytes`);
  // A plain view: every view into a Buffer would be a Buffer, which takes longer to make.
  const input = new DerReader(new Uint8Array(der.buffer, der.byteOffset, der.length));
  const body = input.enter(tag.sequence, "a Certificate");
  input.finish("the certificate");
  const tbsReader = body.enter(tag.sequence, "a TBSCertificate");
  const tbs = body.element();
  const findings: ProfileFinding[] = [];
  const fields = decodeTbs(tbsReader, (code, offset, cites) => findings.push({ code, offset, cites }));
  body.expect(tag.sequence, "an AlgorithmIdentifier");
  // §4.1.1.2: the unsigned copy must say what the signed one says, and so need not be read again.
  if (!sameBytes(body.element(), fields.signatureAlgorithm.der)) {
    throw new DerFault("der-sigalg-mismatch", body.start, "the algorithm named inside tbsCertificate");
  }
  const signature = readOctetAlignedBits(body);
  body.finish("signatureValue");
  findings.sort((a, b) => a.offset - b.offset);
  return { der, fingerprint: crypto.sha256(der), tbs, signature, findings, ...fields };
}

type TbsFields = Omit<Certificate, "der" | "fingerprint" | "tbs" | "signature" | "findings">;

function decodeTbs(tbs: DerReader, note: Note): TbsFields {
  const version = readVersion(tbs, note);
  const serialOffset = tbs.position;
  const serialNumber = readIntegerOctets(tbs);
  noteSerial(serialNumber, serialOffset, note);
  const signatureAlgorithm = readAlgorithmIdentifier(tbs);
  const issuerOffset = tbs.position;
  const issuer = readName(tbs);
  if (issuer.rdns.length === 0) note("profile-empty-issuer", issuerOffset, "RFC 5280 §4.1.2.4");
  const validityEnd = tbs.step(tag.sequence, "Validity");
  const notBefore = readValidityTime(tbs, note);
  const notAfter = readValidityTime(tbs, note);
  tbs.leave(validityEnd, "Validity");
  const subjectOffset = tbs.position;
  const subject = readName(tbs, issuer);
  const publicKey = readSubjectPublicKeyInfo(tbs);
  readUniqueIdentifiers(tbs, version, note);
  const extensions = readOptionalExtensions(tbs, version, note);
  tbs.finish("tbsCertificate");
  const fields = {
    version,
    serialNumber,
    signatureAlgorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    publicKey,
    extensions,
  };
  noteProfile(fields, subjectOffset, note);
  return fields;
}

/** §4.1.2.1: DEFAULT v1, so that an encoded 0 is not DER; seen in the wild, hence a finding. */
function readVersion(tbs: DerReader, note: Note): 1 | 2 | 3 {
  if (tbs.peekTag() !== contextConstructedTag(0)) return 1;
  const wrapped = tbs.enter(contextConstructedTag(0), "the version");
  const at = tbs.start;
  const octets = readIntegerOctets(wrapped);
  wrapped.finish("the version");
  const number = octets.length === 1 ? (octets[0] as number) : -1;
  if (number === 0) note("profile-explicit-v1", at, "X.690 §11.5");
  if (number < 0 || number > 2) throw new DerFault("der-bad-version", at, "version 1, 2 or 3");
  return (number + 1) as 1 | 2 | 3;
}

/** §4.1.2.2: positive, at most 20 octets. */
function noteSerial(serial: Uint8Array, offset: number, note: Note): void {
  if (serial.length === 1 && serial[0] === 0) note("profile-serial-zero", offset, "RFC 5280 §4.1.2.2");
  if ((serial[0] as number) & 0x80) note("profile-serial-negative", offset, "RFC 5280 §4.1.2.2");
  if (serial.length > 20) note("profile-serial-too-long", offset, "RFC 5280 §4.1.2.2");
}

/** §4.1.2.5: UTCTime through 2049. UTCTime cannot say more, so that only a GeneralizedTime can be too early. */
function readValidityTime(validity: DerReader, note: Note): UnixSeconds {
  const time = readTime(validity);
  if (validity.tag === tag.generalizedTime && time < firstGeneralizedTime) {
    note("profile-time-type", validity.start, "RFC 5280 §4.1.2.5");
  }
  return time;
}

/** 2050-01-01T00:00:00Z. */
const firstGeneralizedTime = 2_524_608_000;

/** §4.1.2.8. */
function readUniqueIdentifiers(tbs: DerReader, version: number, note: Note): void {
  for (const number of [1, 2]) {
    if (tbs.peekTag() !== contextTag(number)) continue;
    tbs.next();
    if (version === 1) throw new DerFault("der-bad-version", tbs.start, "no unique identifier in version 1");
    requireBitString(tbs);
    note("profile-unique-identifier", tbs.start, "RFC 5280 §4.1.2.8");
  }
}

function readOptionalExtensions(tbs: DerReader, version: number, note: Note): Extensions {
  if (tbs.peekTag() !== contextConstructedTag(3)) return noExtensions;
  const wrapped = tbs.enter(contextConstructedTag(3), "the extensions");
  if (version !== 3) throw new DerFault("der-extensions-need-v3", tbs.start, "version 3 where there are extensions");
  const extensions = readExtensions(wrapped, note);
  wrapped.finish("the extensions");
  return extensions;
}

/** What §4.1.2.6, §4.2.1.1 and §4.2.1.2 ask of a conforming issuer, and many old roots do not give. */
function noteProfile(fields: TbsFields, subjectOffset: number, note: Note): void {
  const { extensions, subject, issuer, version } = fields;
  const isCa = extensions.basicConstraints?.cA === true;
  if (subject.rdns.length === 0 && (isCa || !extensions.all.get(extensionOid.subjectAltName)?.critical)) {
    note("profile-empty-subject", subjectOffset, "RFC 5280 §4.1.2.6");
  }
  if (version !== 3) return;
  if (isCa && extensions.subjectKeyIdentifier === undefined)
    note("profile-ski-missing", subjectOffset, "RFC 5280 §4.2.1.2");
  const selfIssued = subject.canonical === issuer.canonical;
  if (!selfIssued && extensions.authorityKeyIdentifier?.keyIdentifier === undefined) {
    note("profile-aki-missing", subjectOffset, "RFC 5280 §4.2.1.1");
  }
}
