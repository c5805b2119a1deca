import { sameBytes } from "../../certificate/same-bytes.ts";
import type { CertificateRevocationList } from "../../crl/certificate-revocation-list.ts";

/** RFC 5280 §6.3.3 (c) and §5.2.4: whether the delta list continues the complete one. */
export function continues(delta: CertificateRevocationList, complete: CertificateRevocationList): boolean {
  const { extensions: from } = complete;
  const { extensions: to } = delta;
  if (to.deltaCRLIndicator === undefined || to.cRLNumber === undefined || from.cRLNumber === undefined) return false;
  return (
    delta.issuer.canonical === complete.issuer.canonical &&
    same(to.issuingDistributionPoint?.der, from.issuingDistributionPoint?.der) &&
    same(to.authorityKeyIdentifier?.keyIdentifier, from.authorityKeyIdentifier?.keyIdentifier) &&
    compareNumbers(to.deltaCRLIndicator, from.cRLNumber) <= 0 &&
    compareNumbers(to.cRLNumber, from.cRLNumber) > 0
  );
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameBytes(a, b);
}

/** Hex without leading zero octets. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
