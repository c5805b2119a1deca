import { type Certificate, encodeBase64, type VerifiedPath } from "@tcm/core";

/**
 * `Client-Cert` and `Client-Cert-Chain` of RFC 9440 §2. The chain is the path that was verified, each certifying the one
 * before; the anchor is left out, as §2.3 allows: the set is not the client's to send.
 */
export function clientCertFields({ certificates }: VerifiedPath): readonly (readonly [string, string])[] {
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined) return [];
  const chain = issuers.slice(0, -1);
  const fields: (readonly [string, string])[] = [["Client-Cert", byteSequence(leaf)]];
  if (chain.length > 0) fields.push(["Client-Cert-Chain", chain.map(byteSequence).join(", ")]);
  return fields;
}

/** RFC 8941 §3.3.5. */
function byteSequence({ der }: Certificate): string {
  return `:${encodeBase64(der)}:`;
}
