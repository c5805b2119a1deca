import type { Certificate } from "../../certificate/certificate.ts";
import { formatName } from "../../certificate/format-name.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import { chainedToRoot, type IssuerGraph } from "../../path/issuer-graph.ts";
import type { Observation, Rule } from "../rule.ts";
import { isRefusedRoot } from "./refused-signature.ts";

/**
 * With Require Root Certificate every member chains, inside the set, to a self-signed root. Reported where the chain ends, not for
 * everything below it.
 */
export const issuerNotInSet: Rule = {
  code: "issuer-not-in-set",
  cites: "Trust Chain Manager, Require Root Certificate",
  check: ({ members, graph, options }) => {
    if (!options.requireRootCertificate) return [];
    const reached = chainedToRoot(graph);
    return members.flatMap((member): readonly Observation[] => {
      const { certificate } = member;
      if (reached.has(certificate) || graph.broken.has(certificate) || isRefusedRoot(certificate)) return [];
      const isGap = (graph.issuers.get(certificate) ?? []).length === 0;
      if (!isGap && !isInCycle(certificate, graph)) return [];
      const reason = isGap ? (isSelfIssued(certificate) ? "not-signed-by-itself" : "absent") : "cycle";
      return [{ member, evidence: { issuer: formatName(certificate.issuer), reason } }];
    });
  },
};

/** CAs that only sign each other chain to no root, and none of them is where the chain ends. */
function isInCycle(start: Certificate, graph: IssuerGraph): boolean {
  const seen = new Set<Certificate>();
  const queue = [...(graph.issuers.get(start) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...(graph.issuers.get(next) ?? []));
  }
  return false;
}
