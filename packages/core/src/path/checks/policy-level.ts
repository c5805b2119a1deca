import type { PolicyMapping } from "../../certificate/certificate.ts";

export const anyPolicy = "2.5.29.32.0";

/**
 * One row of the policy graph of RFC 9618 §3, keyed by valid_policy. Rows above are never needed again: whether a node
 * descends from a policy that the relying party accepts is carried along, so that the work is linear in what the
 * certificates contain. The tree of RFC 5280 §6.1.2 (a) grows exponentially with mappings instead.
 */
export type PolicyLevel = ReadonlyMap<string, PolicyNode>;

type PolicyNode = {
  /** expected_policy_set. */
  readonly expected: readonly string[];
  /** Below a node of the valid_policy_node_set (§6.1.5 (g)(iii)) that is in the user-initial-policy-set, or such a node. */
  readonly isAcceptable: boolean;
};

export type AcceptablePolicies = ReadonlySet<string> | undefined;

/** RFC 5280 §6.1.2 (a). */
export const initialLevel: PolicyLevel = new Map([[anyPolicy, { expected: [anyPolicy], isAcceptable: false }]]);

/** RFC 5280 §6.1.3 (d) as RFC 9618 §5.4 words it. An empty level is the NULL graph. */
export function nextLevel(
  above: PolicyLevel,
  policies: readonly string[],
  anyPolicyCounts: boolean,
  acceptable: AcceptablePolicies,
): PolicyLevel {
  const parents = indexByExpected(above);
  const hasAny = above.has(anyPolicy);
  const level = new Map<string, PolicyNode>();
  const isAcceptable = (policy: string): boolean => acceptable === undefined || acceptable.has(policy);
  for (const policy of policies) {
    if (policy === anyPolicy) continue;
    const inherited = parents.get(policy);
    if (inherited !== undefined) level.set(policy, { expected: [policy], isAcceptable: inherited });
    else if (hasAny) level.set(policy, { expected: [policy], isAcceptable: isAcceptable(policy) });
  }
  if (!anyPolicyCounts || !policies.includes(anyPolicy)) return level;
  for (const [policy, inherited] of parents) {
    if (!level.has(policy)) level.set(policy, { expected: [policy], isAcceptable: inherited });
  }
  return level;
}

/** For each expected policy of a level whether any node that expects it is acceptable. */
function indexByExpected(level: PolicyLevel): ReadonlyMap<string, boolean> {
  const index = new Map<string, boolean>();
  for (const { expected, isAcceptable } of level.values())
    for (const policy of expected) index.set(policy, isAcceptable || index.get(policy) === true);
  return index;
}

/** RFC 5280 §6.1.4 (b), with mapping allowed or inhibited. */
export function mapLevel(
  level: PolicyLevel,
  mappings: readonly PolicyMapping[],
  isMappingAllowed: boolean,
  acceptable: AcceptablePolicies,
): PolicyLevel {
  const mapped = new Map(level);
  const subjects = Map.groupBy(mappings, ({ issuerDomainPolicy }) => issuerDomainPolicy);
  for (const [policy, entries] of subjects) {
    const node = level.get(policy);
    if (!isMappingAllowed) mapped.delete(policy);
    else if (node !== undefined || level.has(anyPolicy)) {
      const isAcceptable = node?.isAcceptable ?? (acceptable === undefined || acceptable.has(policy));
      mapped.set(policy, { expected: entries.map(({ subjectDomainPolicy }) => subjectDomainPolicy), isAcceptable });
    }
  }
  return mapped;
}

/** RFC 5280 §6.1.5 (g): whether the user-constrained-policy-set is not empty. */
export function hasAcceptablePolicy(level: PolicyLevel, acceptable: AcceptablePolicies): boolean {
  if (acceptable === undefined) return level.size > 0;
  if (acceptable.size > 0 && level.has(anyPolicy)) return true;
  return level.values().some(({ isAcceptable }) => isAcceptable);
}
