import { type Certificate, concatBytes, encodeBase64, isSelfIssued, renderPem, schemeOf } from "@tcm/core";

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

/**
 * OpenSSL's own test, which looks at no signature: own name, an AKI that names no other certificate by its key, nor by issuer and serial
 * number, and a signature that this kind of key can have made. Where it says no, a plain anchor ends no path, and its clients are
 * locked out.
 */
function isRootToOpenssl(anchor: Certificate): boolean {
  return isSelfIssued(anchor) && namesNoOther(anchor) && mayHaveSignedItself(anchor);
}

function namesNoOther({ extensions, serialNumber }: Certificate): boolean {
  const { authorityKeyIdentifier: named, subjectKeyIdentifier: own } = extensions;
  return isAbsentOrSame(named?.keyIdentifier, own) && isAbsentOrSame(named?.authorityCertSerialNumber, serialNumber);
}

function isAbsentOrSame(named: Uint8Array | undefined, own: Uint8Array | undefined): boolean {
  return named === undefined || own === undefined || encodeBase64(named) === encodeBase64(own);
}

function mayHaveSignedItself({ signatureAlgorithm, publicKey: { key } }: Certificate): boolean {
  const scheme = schemeOf(signatureAlgorithm);
  if (scheme === undefined) return false;
  if (key.type === "ec") return scheme.type === "ecdsa";
  if (key.type === "rsa") return scheme.type === "rsa-pkcs1" || scheme.type === "rsa-pss";
  return scheme.type === key.type;
}
