import { encodeElement, encodeInteger, encodeNull, encodeOid, encodeSequence } from "../der/der-writer.ts";
import { contextConstructedTag } from "../der/tag.ts";
import { hashes, mgf1, rsaPss, schemes } from "./scheme-of.ts";
import type { HashName, SignatureScheme } from "./signature-scheme.ts";

/** The AlgorithmIdentifier of a scheme, with its header: what `schemeOf` reads back. */
export function encodeSignatureAlgorithm(scheme: SignatureScheme): Uint8Array {
  if (scheme.type === "rsa-pss") return encodePss(scheme.hash, scheme.saltLength);
  const hash = "hash" in scheme ? scheme.hash : undefined;
  const entry = Object.entries(schemes).find(
    ([, known]) =>
      known.scheme.type === scheme.type && ("hash" in known.scheme ? known.scheme.hash : undefined) === hash,
  );
  if (entry === undefined) throw new RangeError(`no object identifier for ${scheme.type} with ${hash}`);
  const [oid, { parameters }] = entry;
  return encodeSequence(encodeOid(oid), ...(parameters === "null" ? [encodeNull()] : []));
}

/** RSASSA-PSS-params, RFC 4055 §3.1; defaults (SHA-1, salt of 20) are not encoded. */
function encodePss(hash: HashName, saltLength: number): Uint8Array {
  const parameters: Uint8Array[] = [];
  if (hash !== "sha1") {
    const algorithm = encodeHash(hash);
    const mask = encodeSequence(encodeOid(mgf1), algorithm);
    parameters.push(encodeElement(contextConstructedTag(0), algorithm), encodeElement(contextConstructedTag(1), mask));
  }
  if (saltLength !== 20) parameters.push(encodeElement(contextConstructedTag(2), encodeInteger(saltLength)));
  return encodeSequence(encodeOid(rsaPss), encodeSequence(...parameters));
}

function encodeHash(hash: HashName): Uint8Array {
  const oid = Object.keys(hashes).find((known) => hashes[known] === hash);
  if (oid === undefined) throw new RangeError(`no object identifier for ${hash}`);
  return encodeSequence(encodeOid(oid), encodeNull());
}
