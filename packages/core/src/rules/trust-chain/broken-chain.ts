import { formatName } from "../../certificate/format-name.ts";
import { memberRule } from "../rule.ts";

/** The issuer's name is there and its key is another one: usually a CA that changed its key, or a namesake. */
export const brokenChain = memberRule("broken-chain", "RFC 5280 §6.1.3 (a)(1)", ({ certificate }, { graph }) => {
  const link = graph.broken.get(certificate);
  // A key or hash that is refused anyway has its own finding; it does not make the chain wrong.
  if (
    link === undefined ||
    (link.problem.code !== "signature-invalid" && link.problem.code !== "sig-key-type-mismatch")
  ) {
    return undefined;
  }
  const namesakes = link.namesakes.slice(0, 8).map(({ fingerprint }) => fingerprint);
  return { issuer: formatName(certificate.issuer), reason: link.problem.code, namesakes, triedAll: !link.isBounded };
});
