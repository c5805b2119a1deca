import { formatSignatureAlgorithm } from "../../certificate/format-certificate.ts";
import { weakness } from "../../signature/check-signature.ts";
import { schemeOf } from "../../signature/scheme-of.ts";
import { memberRule } from "../rule.ts";

const md2WithRsa = "1.2.840.113549.1.1.2";

/** A root's own signature too: a set says of each member how it was made. MD5 and MD2 are never allowed. */
export const insecureSignatureAlgorithm = memberRule(
  "insecure-signature-algorithm",
  "RFC 9155 §2",
  ({ certificate }, { options }) => {
    const scheme = schemeOf(certificate.signatureAlgorithm);
    const weak = scheme === undefined ? undefined : weakness(scheme, { allowSha1: options.allowInsecureSha1 });
    if (weak === undefined && certificate.signatureAlgorithm.oid !== md2WithRsa) return undefined;
    return { signatureAlgorithm: formatSignatureAlgorithm(certificate), allowable: weak === "SHA-1" };
  },
);
