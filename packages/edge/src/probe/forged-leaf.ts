import { randomBytes } from "node:crypto";
import {
  authorityKeyIdentifierExtension,
  type Certificate,
  encodeCertificate,
  encodeSignatureAlgorithm,
  encodeTbsCertificate,
  extendedKeyUsageExtension,
  keyPurpose,
  keyUsageExtension,
  renderPem,
  type SignatureScheme,
  type UnixSeconds,
} from "@tcm/core";
import { generateKeyPair, privateKeyPem } from "@tcm/node-crypto";

/** In logs and metrics of the engine: these are not failed clients. */
export const probeCommonName = "tcm-probe";

export type ForgedLeaf = { readonly certificatePem: string; readonly privateKeyPem: string };

const hour = 3_600;

/**
 * A client certificate that names the anchor as its issuer and that the anchor never signed (edges.md §1.3). Whoever trusts
 * the anchor finds it, and then a signature that does not verify; whoever does not finds no issuer. It lets in nobody.
 * Its AKI is the anchor's SKI, so that another CA of the same name is not taken for it. Undefined for a key whose
 * signatures this build cannot even pretend.
 */
export function forgeLeaf(anchor: Certificate, now: UnixSeconds): ForgedLeaf | undefined {
  const scheme = schemeFor(anchor);
  if (scheme === undefined) return undefined;
  const { publicKey, privateKey } = generateKeyPair("p256");
  const keyIdentifier = anchor.extensions.subjectKeyIdentifier;
  const signatureAlgorithm = encodeSignatureAlgorithm(scheme);
  const tbs = encodeTbsCertificate({
    version: 3,
    serialNumber: Uint8Array.of(0x40, ...randomBytes(15)),
    signatureAlgorithm,
    issuer: anchor.subject.der,
    notBefore: now - hour,
    notAfter: now + hour,
    subject: { CN: probeCommonName },
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    extensions: [
      keyUsageExtension(["digitalSignature"]),
      extendedKeyUsageExtension([keyPurpose.clientAuth]),
      ...(keyIdentifier === undefined ? [] : [authorityKeyIdentifierExtension(keyIdentifier)]),
    ],
  });
  const certificate = encodeCertificate(tbs, signatureAlgorithm, randomBytes(64));
  return { certificatePem: renderPem(certificate), privateKeyPem: privateKeyPem(privateKey) };
}

/** OpenSSL passes over an issuer whose kind of key cannot have made the signature, so the kind has to be right. */
function schemeFor({ publicKey: { key } }: Certificate): SignatureScheme | undefined {
  switch (key.type) {
    case "rsa":
      return { type: "rsa-pkcs1", hash: "sha256" };
    case "rsa-pss":
      return { type: "rsa-pss", hash: "sha256", saltLength: 32 };
    case "ec":
      return { type: "ecdsa", hash: "sha256" };
    case "dsa":
    case "unknown":
      return undefined;
    default:
      return { type: key.type };
  }
}
