import { formatSignatureAlgorithm } from "../../certificate/format-certificate.ts";
import { brokenHash } from "../../signature/broken-hash.ts";
import { memberRule } from "../rule.ts";

/**
 * A root's own signature too: a set says of each member how it was made. MD5, MD4 and MD2 are never allowed, nor is SHA-1
 * under algorithms that we do not verify.
 */
export const insecureSignatureAlgorithm = memberRule(
  "insecure-signature-algorithm",
  "RFC 9155 §2",
  ({ certificate }, { options }) => {
    const broken = brokenHash(certificate.signatureAlgorithm);
    if (broken === undefined || (broken.isVerifiable && options.allowInsecureSha1)) return undefined;
    return {
      signatureAlgorithm: formatSignatureAlgorithm(certificate),
      hash: broken.hash,
      allowable: broken.isVerifiable,
    };
  },
);
