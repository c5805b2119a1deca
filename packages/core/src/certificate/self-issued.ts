import type { Certificate } from "./certificate.ts";

/** Subject and issuer are the same name, RFC 5280 §3.2. Says nothing about who signed it. */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.subject.canonical === certificate.issuer.canonical;
}
