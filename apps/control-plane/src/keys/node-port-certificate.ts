import { isIP } from "node:net";
import { keyPurpose, renderPem, type UnixMillis } from "@tcm/core";
import { generateKeyPair, issueCertificate, issuerOf, privateKeyPem } from "@tcm/node-crypto";
import type { NodeAuthority } from "./node-authorities.ts";
import { generalName } from "./self-signed-tls.ts";

/** PEM; the key is in memory alone. `cert` includes the CA, which a node that joins knows by its hash. */
export type NodePortCertificate = { readonly cert: string; readonly key: string; readonly renewAt: UnixMillis };

const day = 24 * 3_600;
const lifetimeSeconds = 30 * day;

/** For the names and addresses by which nodes reach the node port. A day early, for nodes whose clocks are behind. */
export function issueNodePortCertificate(
  { certificate, pem, privateKey }: NodeAuthority,
  names: readonly string[],
  now: UnixMillis,
): NodePortCertificate {
  const seconds = Math.floor(now / 1_000);
  const leaf = generateKeyPair("p256");
  const der = issueCertificate({
    subject: { O: "Trust Chain Manager", CN: "node port" },
    publicKey: leaf.publicKey,
    issuer: issuerOf(certificate, privateKey),
    notBefore: seconds - day,
    notAfter: Math.min(seconds + lifetimeSeconds, certificate.notAfter),
    basicConstraints: { cA: false },
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [keyPurpose.serverAuth],
    subjectAltName: [...new Set(names)].map(generalName),
  });
  return {
    cert: renderPem(der) + pem,
    key: privateKeyPem(leaf.privateKey),
    renewAt: now + (lifetimeSeconds / 2) * 1_000,
  };
}

/** As it stands in a URL. */
export function urlHost(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name;
}
