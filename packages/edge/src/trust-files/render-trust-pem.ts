import { type Certificate, concatBytes, encodeBase64, isSelfIssued, renderPem } from "@tcm/core";

/** CertAux of OpenSSL with one trusted purpose, clientAuth: `SEQUENCE { SEQUENCE { OID 1.3.6.1.5.5.7.3.2 } }`. */
const clientAuthTrust = Uint8Array.of(0x30, 12, 0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2);

/**
 * Anchors as engines on OpenSSL take them, rendered from parsed DER. A path may end at an anchor that is no root only in the
 * TRUSTED form (edges.md §0.3); a root needs nothing of the kind. No empty line, which would end a payload of HAProxy's.
 */
export function renderTrustPem(anchors: readonly Certificate[]): string {
  return anchors.map(renderAnchor).join("");
}

export function renderAnchor(anchor: Certificate): string {
  if (isRootToOpenssl(anchor)) return renderPem(anchor.der);
  return renderPem(concatBytes([anchor.der, clientAuthTrust])).replaceAll(" CERTIFICATE-", " TRUSTED CERTIFICATE-");
}

/** OpenSSL's own test, X509_self_signed without the signature: own name, and an AKI that does not name another key. */
function isRootToOpenssl(anchor: Certificate): boolean {
  const { authorityKeyIdentifier, subjectKeyIdentifier } = anchor.extensions;
  const named = authorityKeyIdentifier?.keyIdentifier;
  if (!isSelfIssued(anchor)) return false;
  return (
    named === undefined ||
    subjectKeyIdentifier === undefined ||
    encodeBase64(named) === encodeBase64(subjectKeyIdentifier)
  );
}
