import type { Certificate } from "../certificate/certificate.ts";
import { checkPolicies, checkPolicyMappings } from "./checks/certificate-policies.ts";
import { checkCertSign, checkIsCa, checkPathLength } from "./checks/certification-authority.ts";
import { checkCriticalExtensions } from "./checks/critical-extensions.ts";
import { checkDigitalSignature, checkExtendedKeyUsage } from "./checks/key-purpose.ts";
import { checkNameConstraints } from "./checks/name-constraints.ts";
import { checkIssuerSignature, checkKeyStrength } from "./checks/signature.ts";
import { checkValidity } from "./checks/validity.ts";
import type { SignerSearch } from "./checks/crl-signer.ts";
import { checkProfile } from "./checks/profile.ts";
import { checkRevocation } from "./checks/revocation.ts";
import type { PathCheck, PathContext, Stop } from "./path-check.ts";
import type { PathMaterial, StopAt } from "./path-search.ts";

/** In the order in which a certificate is judged: what costs nothing first, names and signatures last. */
const checks: readonly PathCheck[] = [
  checkKeyStrength,
  checkValidity,
  checkCriticalExtensions,
  checkIsCa,
  checkCertSign,
  checkPathLength,
  checkExtendedKeyUsage,
  checkDigitalSignature,
  checkPolicyMappings,
  checkIssuerSignature,
  checkNameConstraints,
];

const profileChecks: readonly PathCheck[] = [checkProfile];

/**
 * RFC 5280 §6.1 over a path that ends at an anchor, from the anchor down. The anchor is treated as a certificate and not as
 * a bare name and key (RFC 5937): its dates, CA bit, usages and constraints count. What breaks the profile without changing
 * what the path says comes last. Undefined: the path is valid.
 */
export function checkPath(
  path: readonly Certificate[],
  context: PathContext,
  material: PathMaterial,
): StopAt | undefined {
  return (
    checkEach(checks, path, context) ??
    at(checkPolicies(path, context)) ??
    (context.revocation && checkRevocation(path, context, signerSearch(context, material))) ??
    (context.profile === "strict" ? checkEach(profileChecks, path, context) : undefined)
  );
}

function checkEach(
  rules: readonly PathCheck[],
  path: readonly Certificate[],
  context: PathContext,
): StopAt | undefined {
  for (let index = path.length - 1; index >= 0; index--) {
    for (const rule of rules) {
      const stop = rule(path, index, context);
      if (stop !== undefined) return { stop, index: stop.index ?? index };
    }
  }
  return undefined;
}

function at(stop: Stop | undefined): StopAt | undefined {
  return stop === undefined ? undefined : { stop, index: stop.index ?? 0 };
}

/**
 * The path of a revocation list's signer is judged like any other, its own revocation included; but the lists for that must
 * be signed by its own path, or one key could vouch for itself in a circle.
 */
function signerSearch(context: PathContext, material: PathMaterial): SignerSearch {
  const asSigner: PathContext = {
    ...context,
    // Its paths end at one anchor only.
    candidates: new Map(),
    purpose: "any",
    profile: "compat",
    requireEku: false,
    maxPathLength: undefined,
    policies: {},
  };
  const judge = (path: readonly Certificate[]): StopAt | undefined =>
    checkEach(checks, path, asSigner) ?? checkRevocation(path, asSigner, undefined);
  return { material, context: asSigner, judge };
}
