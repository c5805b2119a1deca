import type { AlgorithmIdentifier } from "../certificate/subject-public-key-info.ts";
import { DerFault } from "../der/der-problem.ts";
import { DerReader } from "../der/der-reader.ts";
import { readOid } from "../der/oid.ts";
import { readNull, readSmallInteger } from "../der/primitive.ts";
import { contextConstructedTag, tag } from "../der/tag.ts";
import type { HashName, SignatureScheme } from "./signature-scheme.ts";

/** RFC 3279, RFC 4055, RFC 5758, RFC 8410, RFC 9881. What is not here is not verified. */
export const schemes: Readonly<
  Record<string, { readonly scheme: SignatureScheme; readonly parameters: "null" | "absent" }>
> = {
  "1.2.840.113549.1.1.4": { scheme: { type: "rsa-pkcs1", hash: "md5" }, parameters: "null" },
  "1.2.840.113549.1.1.5": { scheme: { type: "rsa-pkcs1", hash: "sha1" }, parameters: "null" },
  "1.2.840.113549.1.1.14": { scheme: { type: "rsa-pkcs1", hash: "sha224" }, parameters: "null" },
  "1.2.840.113549.1.1.11": { scheme: { type: "rsa-pkcs1", hash: "sha256" }, parameters: "null" },
  "1.2.840.113549.1.1.12": { scheme: { type: "rsa-pkcs1", hash: "sha384" }, parameters: "null" },
  "1.2.840.113549.1.1.13": { scheme: { type: "rsa-pkcs1", hash: "sha512" }, parameters: "null" },
  "1.2.840.10045.4.1": { scheme: { type: "ecdsa", hash: "sha1" }, parameters: "absent" },
  "1.2.840.10045.4.3.1": { scheme: { type: "ecdsa", hash: "sha224" }, parameters: "absent" },
  "1.2.840.10045.4.3.2": { scheme: { type: "ecdsa", hash: "sha256" }, parameters: "absent" },
  "1.2.840.10045.4.3.3": { scheme: { type: "ecdsa", hash: "sha384" }, parameters: "absent" },
  "1.2.840.10045.4.3.4": { scheme: { type: "ecdsa", hash: "sha512" }, parameters: "absent" },
  "1.3.101.112": { scheme: { type: "ed25519" }, parameters: "absent" },
  "1.3.101.113": { scheme: { type: "ed448" }, parameters: "absent" },
  "2.16.840.1.101.3.4.3.17": { scheme: { type: "ml-dsa-44" }, parameters: "absent" },
  "2.16.840.1.101.3.4.3.18": { scheme: { type: "ml-dsa-65" }, parameters: "absent" },
  "2.16.840.1.101.3.4.3.19": { scheme: { type: "ml-dsa-87" }, parameters: "absent" },
};

export const hashes: Readonly<Record<string, HashName>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

export const rsaPss = "1.2.840.113549.1.1.10";
export const mgf1 = "1.2.840.113549.1.1.8";

/** The signature scheme an AlgorithmIdentifier names; undefined for one we do not verify, or with odd parameters. */
export function schemeOf(algorithm: AlgorithmIdentifier): SignatureScheme | undefined {
  if (algorithm.oid === rsaPss) return pssScheme(algorithm.parameters);
  const known = schemes[algorithm.oid];
  if (known === undefined) return undefined;
  const { parameters } = algorithm;
  // RFC 4055 §2.1: NULL for PKCS#1, which readers also accept absent; RFC 5758 §3.2 and RFC 8410 §3: absent.
  const isNull = parameters !== undefined && parameters.length === 2 && parameters[0] === tag.null;
  const acceptable = parameters === undefined || (known.parameters === "null" && isNull);
  return acceptable ? known.scheme : undefined;
}

/** RSASSA-PSS-params, RFC 4055 §3.1; the same hash for message and mask, as every issuer does. */
export function pssScheme(
  parameters: Uint8Array | undefined,
): Extract<SignatureScheme, { type: "rsa-pss" }> | undefined {
  if (parameters === undefined) return undefined;
  try {
    const body = new DerReader(parameters).enter(tag.sequence, "RSASSA-PSS-params");
    const hash = readTagged(body, 0, readHash) ?? "sha1";
    const maskHash = readTagged(body, 1, readMaskHash) ?? "sha1";
    const saltLength = readTagged(body, 2, readSmallInteger) ?? 20;
    const trailer = readTagged(body, 3, readSmallInteger) ?? 1;
    body.finish("RSASSA-PSS-params");
    if (hash === "unknown" || hash !== maskHash || trailer !== 1 || saltLength > 512) return undefined;
    return { type: "rsa-pss", hash, saltLength };
  } catch (fault) {
    if (fault instanceof DerFault) return undefined;
    throw fault;
  }
}

function readTagged<T>(body: DerReader, number: number, read: (reader: DerReader) => T): T | undefined {
  if (body.peekTag() !== contextConstructedTag(number)) return undefined;
  const wrapped = body.enter(contextConstructedTag(number), "a PSS parameter");
  const value = read(wrapped);
  wrapped.finish("a PSS parameter");
  return value;
}

/** RFC 4055 §2.1: the parameters of a hash are NULL, or absent. */
function readHash(reader: DerReader): HashName | "unknown" {
  const body = reader.enter(tag.sequence, "a hash AlgorithmIdentifier");
  const hash = hashes[readOid(body)] ?? "unknown";
  if (!body.atEnd) readNull(body);
  body.finish("a hash AlgorithmIdentifier");
  return hash;
}

function readMaskHash(reader: DerReader): HashName | "unknown" {
  const body = reader.enter(tag.sequence, "a mask AlgorithmIdentifier");
  if (readOid(body) !== mgf1) return "unknown";
  const hash = readHash(body);
  body.finish("a mask AlgorithmIdentifier");
  return hash;
}
