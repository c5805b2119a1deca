import type { Rule } from "../rule.ts";

/**
 * DistinguishedName certificate_authorities<..2^16-1>: RFC 8446 §4.2.4 and RFC 5246 §7.4.4. In TLS 1.3 the other extensions of
 * the CertificateRequest share that length (§4.3.2): with OpenSSL 3.5 a list of 65,480 bytes worked and one of 65,500 failed
 * every handshake. 512 bytes are kept free for them.
 */
export const maxCaListBytes = 65_535 - 512;
/** Small TLS stacks stop at one 16 KiB record. */
const largeCaListBytes = 16 * 1_024;

/** Past the limit every handshake of every client fails, though the configuration loads. */
export const caListTooLarge: Rule = {
  code: "ca-list-too-large",
  cites: "RFC 8446 §4.2.4",
  check: ({ members, occasion, sendsCaNames }) => {
    const actual = caListBytes(members.map(({ certificate }) => certificate));
    const limit = occasion === "deploy" ? maxCaListBytes : largeCaListBytes;
    if (actual <= limit || (occasion === "deploy" && !sendsCaNames)) return [];
    return [{ evidence: { actual, limit, hardLimit: maxCaListBytes } }];
  },
};

/** Bytes of the list of names as it goes over the wire, each with its two bytes of length. */
export function caListBytes(certificates: readonly { readonly subject: { readonly der: Uint8Array } }[]): number {
  return certificates.reduce((sum, { subject }) => sum + subject.der.length + 2, 0);
}
