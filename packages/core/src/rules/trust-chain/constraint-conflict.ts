import type { Certificate } from "../../certificate/certificate.ts";
import type { NameConstraints } from "../../certificate/general-name.ts";
import { formatName } from "../../certificate/format-name.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import { unintelligibleBases } from "../../path/checks/constraint-subtree.ts";
import { formatSubtree } from "../../path/effective-trust.ts";
import { type Evidence, memberRule } from "../rule.ts";

const mostNamed = 8;

/**
 * A CA under issuers whose constraints leave it nothing to issue: no client can satisfy a path through any of them. It stays
 * an anchor by itself, hence advice. Or one whose own constraints say nothing intelligible, so that it lets in nobody.
 */
export const constraintConflict = memberRule(
  "constraint-conflict",
  "RFC 5280 §6.1.4 (g), (m)",
  ({ certificate }, { graph }) => {
    const own = unintelligible(certificate);
    if (own !== undefined) return own;
    const issuers = graph.issuers.get(certificate) ?? [];
    const conflicts = issuers.map((issuer) => conflictOf(certificate, issuer));
    const first = conflicts.find((conflict) => conflict !== undefined);
    return conflicts.every((conflict) => conflict !== undefined) ? first : undefined;
  },
);

function unintelligible({ extensions }: Certificate): Evidence | undefined {
  const bases = extensions.nameConstraints === undefined ? [] : unintelligibleBases(extensions.nameConstraints);
  if (bases.length === 0) return undefined;
  return { constraint: "nameConstraints", unintelligible: bases.slice(0, mostNamed).map(formatSubtree) };
}

function conflictOf(child: Certificate, issuer: Certificate): Evidence | undefined {
  const pathLen = issuer.extensions.basicConstraints?.pathLenConstraint;
  const by = { issuer: formatName(issuer.subject), issuerFingerprint: issuer.fingerprint };
  if (pathLen === 0 && !isSelfIssued(child)) return { ...by, constraint: "pathLenConstraint", actual: 0 };
  const above = issuer.extensions.nameConstraints;
  const below = child.extensions.nameConstraints;
  if (above === undefined || below === undefined) return undefined;
  const disjoint = disjointDnsNames(above, below);
  return disjoint === undefined ? undefined : { ...by, constraint: "nameConstraints", actual: disjoint };
}

/** DNS names are what both constrain in practice; two lists of permitted names without anything in common permit none. */
function disjointDnsNames(above: NameConstraints, below: NameConstraints): readonly string[] | undefined {
  const upper = permittedHosts(above);
  const lower = permittedHosts(below);
  if (upper.length === 0 || lower.length === 0) return undefined;
  const meet = upper.some((a) => lower.some((b) => isWithin(a, b) || isWithin(b, a)));
  return meet ? undefined : lower;
}

function permittedHosts({ permittedSubtrees }: NameConstraints): readonly string[] {
  return permittedSubtrees.flatMap((base) => (base.form === "dNSName" ? [hostOf(base.text)] : []));
}

/** A leading dot, which RFC 5280 does not know for DNS names, is in use all the same. */
function hostOf(base: string): string {
  return base.toLowerCase().replace(/^\./, "");
}

function isWithin(host: string, base: string): boolean {
  return base === "" || host === base || host.endsWith(`.${base}`);
}
