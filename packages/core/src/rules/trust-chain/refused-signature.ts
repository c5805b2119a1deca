import type { Certificate } from "../../certificate/certificate.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import { brokenHash } from "../../signature/broken-hash.ts";
import { checkKey } from "../../signature/check-key.ts";

/**
 * A root whose own signature is never looked at, since its key or its hash is refused: `weak-key` or
 * `insecure-signature-algorithm` says so, and no other rule need guess what the signature would have shown.
 */
export function isRefusedRoot(certificate: Certificate): boolean {
  if (!isSelfIssued(certificate)) return false;
  return (
    checkKey(certificate.publicKey) !== undefined || brokenHash(certificate.signatureAlgorithm)?.isVerifiable === false
  );
}
