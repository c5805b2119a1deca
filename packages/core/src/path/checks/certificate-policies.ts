import type { Certificate } from "../../certificate/certificate.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import type { PathCheck, Stop } from "../path-check.ts";
import type { PolicyInputs } from "../policy-inputs.ts";
import {
  type AcceptablePolicies,
  anyPolicy,
  hasAcceptablePolicy,
  initialLevel,
  mapLevel,
  nextLevel,
  type PolicyLevel,
} from "./policy-level.ts";

/** RFC 5280 §6.1.4 (a): a CA that maps from or to anyPolicy is malformed, whether policies matter or not. */
export const checkPolicyMappings: PathCheck = (path, index) => {
  const mappings = index === 0 ? undefined : path[index]?.extensions.policyMappings;
  const mapsAny = mappings?.some(
    ({ issuerDomainPolicy, subjectDomainPolicy }) =>
      issuerDomainPolicy === anyPolicy || subjectDomainPolicy === anyPolicy,
  );
  return mapsAny ? { code: "policy-mapping-any" } : undefined;
};

/**
 * RFC 5280 §6.1 with the policy graph of RFC 9618, over the whole path. Policies refuse a path only where the relying party or
 * a CA demands an explicit one, so nothing is computed elsewhere.
 */
export function checkPolicies(
  path: readonly Certificate[],
  { policies }: { policies: PolicyInputs },
): Stop | undefined {
  if (!demandsPolicy(path, policies)) return undefined;
  const state = openState(path, policies);
  for (let index = path.length - 1; index >= 0; index--) {
    const certificate = path[index] as Certificate;
    processPolicies(state, certificate, index, path.length - 1);
    // §6.1.3 (f).
    if (state.explicitPolicy === 0 && state.level.size === 0) return refuse(certificate, index, policies);
    if (index > 0) prepareForNext(state, certificate, index === path.length - 1);
  }
  return wrapUp(state, path[0] as Certificate, policies);
}

function demandsPolicy(path: readonly Certificate[], { initialExplicitPolicy }: PolicyInputs): boolean {
  if (initialExplicitPolicy === true) return true;
  return path.some(({ extensions }) => extensions.policyConstraints?.requireExplicitPolicy !== undefined);
}

type PolicyState = {
  level: PolicyLevel;
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
  readonly acceptable: AcceptablePolicies;
};

/** §6.1.2 (a), (d), (e), (f). */
function openState(path: readonly Certificate[], policies: PolicyInputs): PolicyState {
  const never = path.length + 1;
  return {
    level: initialLevel,
    explicitPolicy: policies.initialExplicitPolicy ? 0 : never,
    policyMapping: policies.initialPolicyMappingInhibit ? 0 : never,
    inhibitAnyPolicy: policies.initialAnyPolicyInhibit ? 0 : never,
    acceptable: policies.initialPolicySet?.has(anyPolicy) ? undefined : policies.initialPolicySet,
  };
}

/** §6.1.3 (d), (e). An anchor without the extension constrains nothing (RFC 5937 §3). */
function processPolicies(state: PolicyState, certificate: Certificate, index: number, anchorIndex: number): void {
  const policies = certificate.extensions.certificatePolicies;
  if (policies === undefined) {
    if (index !== anchorIndex || anchorIndex === 0) state.level = new Map();
    return;
  }
  const anyCounts = state.inhibitAnyPolicy > 0 || (index > 0 && isSelfIssued(certificate));
  state.level = nextLevel(state.level, policies, anyCounts, state.acceptable);
}

/** §6.1.4 (b), (h), (i), (j). The anchor is no certificate of the path that the counters count. */
function prepareForNext(state: PolicyState, certificate: Certificate, isAnchor: boolean): void {
  const { policyMappings, policyConstraints, inhibitAnyPolicy } = certificate.extensions;
  if (policyMappings !== undefined)
    state.level = mapLevel(state.level, policyMappings, state.policyMapping > 0, state.acceptable);
  if (!isAnchor && !isSelfIssued(certificate)) {
    state.explicitPolicy = Math.max(0, state.explicitPolicy - 1);
    state.policyMapping = Math.max(0, state.policyMapping - 1);
    state.inhibitAnyPolicy = Math.max(0, state.inhibitAnyPolicy - 1);
  }
  const { requireExplicitPolicy = Infinity, inhibitPolicyMapping = Infinity } = policyConstraints ?? {};
  state.explicitPolicy = Math.min(state.explicitPolicy, requireExplicitPolicy);
  state.policyMapping = Math.min(state.policyMapping, inhibitPolicyMapping);
  state.inhibitAnyPolicy = Math.min(state.inhibitAnyPolicy, inhibitAnyPolicy ?? Infinity);
}

/** §6.1.5 (a), (b), (g). */
function wrapUp(state: PolicyState, leaf: Certificate, policies: PolicyInputs): Stop | undefined {
  const leafDemands = leaf.extensions.policyConstraints?.requireExplicitPolicy === 0;
  const isDemanded = leafDemands || state.explicitPolicy <= 1;
  return !isDemanded || hasAcceptablePolicy(state.level, state.acceptable) ? undefined : refuse(leaf, 0, policies);
}

function refuse({ extensions }: Certificate, index: number, { initialPolicySet }: PolicyInputs): Stop {
  return {
    code: "policy-explicit-required",
    index,
    expected: initialPolicySet === undefined ? "a policy along the whole path" : [...initialPolicySet].join(" or "),
    actual: extensions.certificatePolicies?.join(", ") ?? "no certificatePolicies",
  };
}
