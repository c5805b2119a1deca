import { readAlgorithmIdentifier, readSubjectPublicKeyInfo } from "../certificate/parse-public-key.ts";
import type { AlgorithmIdentifier, SubjectPublicKeyInfo } from "../certificate/subject-public-key-info.ts";
import { DerFault, type DerProblem } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readOctetAlignedBits, readSmallInteger } from "../der/primitive.ts";
import { contextConstructedTag, tag } from "../der/tag.ts";
import { checkSignatureAlgorithm } from "../signature/check-signature.ts";
import type { CryptoPort } from "../signature/crypto-port.ts";

/** One with an Ed25519 key and nothing else has 140 bytes; tools add a name and a few attributes. */
export const maxCertificateRequestBytes = 4 * 1024;

export type CertificateRequestProblem =
  | { readonly code: "request-malformed"; readonly der: DerProblem }
  | { readonly code: "request-key-type"; readonly actual: string }
  | { readonly code: "request-signature-invalid" };

export type ParsedCertificateRequest =
  | { readonly ok: true; readonly publicKey: SubjectPublicKeyInfo }
  | { readonly ok: false; readonly problem: CertificateRequestProblem };

/**
 * Reads a PKCS#10 request (RFC 2986 §4) for the one thing that we take from it: a public key whose private key signed the
 * request. Its subject and its attributes, extensions included, must be well-formed elements and are read no further: who a
 * certificate is for is never the requester's to say. Keys are P-256 or Ed25519.
 */
export function parseCertificateRequest(
  der: Uint8Array,
  crypto: Pick<CryptoPort, "verifySignature">,
): ParsedCertificateRequest {
  try {
    return check(decode(der), crypto);
  } catch (fault) {
    if (fault instanceof DerFault) return { ok: false, problem: { code: "request-malformed", der: fault.problem } };
    throw fault;
  }
}

type Request = {
  /** CertificationRequestInfo with its header: the signed bytes. */
  readonly info: Uint8Array;
  readonly publicKey: SubjectPublicKeyInfo;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
};

function decode(der: Uint8Array): Request {
  if (der.length > maxCertificateRequestBytes)
    throw new DerFault("der-too-large", 0, `at most ${maxCertificateRequestBytes} bytes`);
  const input = new DerReader(der);
  const body = input.enter(tag.sequence, "a CertificationRequest");
  input.finish("the request");
  const infoReader = body.enter(tag.sequence, "a CertificationRequestInfo");
  const info = body.element();
  const publicKey = readInfo(infoReader);
  const signatureAlgorithm = readAlgorithmIdentifier(body);
  const signature = readOctetAlignedBits(body);
  body.finish("the signature");
  return { info, publicKey, signatureAlgorithm, signature };
}

function readInfo(info: DerReader): SubjectPublicKeyInfo {
  const versionAt = info.position;
  if (readSmallInteger(info) !== 0) throw new DerFault("der-bad-version", versionAt, "version 0 (v1)");
  skimElements(info.enter(tag.sequence, "the subject"));
  const publicKey = readSubjectPublicKeyInfo(info);
  skimElements(info.enter(contextConstructedTag(0), "the attributes"));
  info.finish("certificationRequestInfo");
  return publicKey;
}

function skimElements(reader: DerReader): void {
  while (!reader.atEnd) reader.next();
}

function check(request: Request, crypto: Pick<CryptoPort, "verifySignature">): ParsedCertificateRequest {
  const { publicKey, info, signature } = request;
  if (!isAcceptableKey(publicKey))
    return { ok: false, problem: { code: "request-key-type", actual: publicKey.key.type } };
  const algorithm = checkSignatureAlgorithm(request, request, { allowSha1: false });
  const isProved = "scheme" in algorithm && crypto.verifySignature(algorithm.scheme, publicKey, info, signature);
  return isProved ? { ok: true, publicKey } : { ok: false, problem: { code: "request-signature-invalid" } };
}

const p256 = "1.2.840.10045.3.1.7";

/** RFC 5480 §2.2: the uncompressed form alone, so that a key has one encoding. */
function isAcceptableKey({ key, bits }: SubjectPublicKeyInfo): boolean {
  if (key.type === "ed25519") return true;
  return key.type === "ec" && key.curve === p256 && bits.length === 65 && bits[0] === 0x04;
}
