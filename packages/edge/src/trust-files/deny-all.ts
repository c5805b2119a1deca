import { type Certificate, type CryptoPort, parseCertificate } from "@tcm/core";
import { generateKeyPair, issueCertificate } from "@tcm/node-crypto";

/**
 * A CA that can let nobody in: its key is gone when this returns, and it expired in 1970. Engines refuse an empty trust
 * file, or take it for no verification (edges.md §1.5), so nobody is trusted by trusting this one.
 */
export function denyAllAuthority(crypto: CryptoPort): Certificate {
  const { publicKey, privateKey } = generateKeyPair("p256");
  const subject = { CN: "nobody" };
  const der = issueCertificate({
    subject,
    publicKey,
    issuer: { name: subject, privateKey },
    notBefore: 0,
    notAfter: 86_400,
    basicConstraints: { cA: true, pathLenConstraint: 0 },
    keyUsage: ["keyCertSign"],
  });
  const parsed = parseCertificate(der, crypto);
  if (!parsed.ok) throw new Error(`the placeholder CA does not parse: ${parsed.problem.code}`);
  return parsed.certificate;
}
