import type { Certificate } from "../../certificate/certificate.ts";
import { formatName } from "../../certificate/format-name.ts";
import { brokenHash } from "../../signature/broken-hash.ts";
import { schemeOf } from "../../signature/scheme-of.ts";
import type { SignatureProblem } from "../../signature/check-signature.ts";
import { memberRule } from "../rule.ts";

/** The issuer's name is there and its key is another one: usually a CA that changed its key, or a namesake. */
export const brokenChain = memberRule("broken-chain", "RFC 5280 §6.1.3 (a)(1)", ({ certificate }, { graph }) => {
  const link = graph.broken.get(certificate);
  if (link === undefined || hasFindingOfItsOwn(certificate, link.problem)) return undefined;
  const namesakes = link.namesakes.slice(0, 8).map(({ fingerprint }) => fingerprint);
  return { issuer: formatName(certificate.issuer), reason: link.problem.code, namesakes, triedAll: !link.isBounded };
});

/** A refused key of the issuer or hash of the signature does not make the chain wrong: other rules report those. */
function hasFindingOfItsOwn({ signatureAlgorithm }: Certificate, { code }: SignatureProblem): boolean {
  if (code === "signature-invalid" || code === "sig-key-type-mismatch") return false;
  return schemeOf(signatureAlgorithm) !== undefined || brokenHash(signatureAlgorithm) !== undefined;
}
