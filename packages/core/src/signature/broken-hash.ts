import type { AlgorithmIdentifier } from "../certificate/subject-public-key-info.ts";
import { schemeOf } from "./scheme-of.ts";

export type BrokenHash = "MD2" | "MD4" | "MD5" | "SHA-1";

/** Algorithms that are only ever named, never verified: RFC 3279 §2.2, and the older OIW arcs. */
const neverVerified: Readonly<Record<string, BrokenHash>> = {
  "1.2.840.113549.1.1.2": "MD2",
  "1.2.840.113549.1.1.3": "MD4",
  "1.3.14.3.2.3": "MD5",
  "1.3.14.3.2.29": "SHA-1",
  "1.3.14.3.2.27": "SHA-1",
  "1.2.840.10040.4.3": "SHA-1",
};

/** The broken hash that a signature algorithm rests on, and whether we verify such a signature when SHA-1 is allowed. */
export function brokenHash(
  algorithm: AlgorithmIdentifier,
): { readonly hash: BrokenHash; readonly isVerifiable: boolean } | undefined {
  const scheme = schemeOf(algorithm);
  if (scheme !== undefined && "hash" in scheme) {
    if (scheme.hash === "md5") return { hash: "MD5", isVerifiable: false };
    return scheme.hash === "sha1" ? { hash: "SHA-1", isVerifiable: true } : undefined;
  }
  const hash = neverVerified[algorithm.oid];
  return hash === undefined ? undefined : { hash, isVerifiable: false };
}
