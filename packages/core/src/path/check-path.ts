import type { Certificate } from "../certificate/certificate.ts";
import { checkPolicies, checkPolicyMappings } from "./checks/certificate-policies.ts";
import { checkCertSign, checkIsCa, checkPathLength } from "./checks/certification-authority.ts";
import { checkCriticalExtensions } from "./checks/critical-extensions.ts";
import { checkDigitalSignature, checkExtendedKeyUsage } from "./checks/key-purpose.ts";
import { checkNameConstraints } from "./checks/name-constraints.ts";
import { checkIssuerSignature, checkKeyStrength } from "./checks/signature.ts";
import { checkValidity } from "./checks/validity.ts";
import type { PathCheck, PathContext, Stop } from "./path-check.ts";

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

export type StopAt = { readonly stop: Stop; readonly index: number };

/**
 * RFC 5280 §6.1 over a path that ends at an anchor, from the anchor down. The anchor is treated as a certificate and not as
 * a bare name and key (RFC 5937): its dates, CA bit, usages and constraints count. Undefined: the path is valid.
 */
export function checkPath(path: readonly Certificate[], context: PathContext): StopAt | undefined {
  for (let index = path.length - 1; index >= 0; index--) {
    for (const check of checks) {
      const stop = check(path, index, context);
      if (stop !== undefined) return { stop, index: stop.index ?? index };
    }
  }
  const stop = checkPolicies(path, context);
  return stop === undefined ? undefined : { stop, index: stop.index ?? 0 };
}
