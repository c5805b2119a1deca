import type { Certificate } from "../../certificate/certificate.ts";
import { extensionOid } from "../../certificate/extension-oid.ts";
import { unknownQualifier } from "../../certificate/policy-qualifiers.ts";
import { DerFault } from "../../der/der-problem.ts";
import type { PathCheck } from "../path-check.ts";

/**
 * RFC 5280 §6.1.4 (o), §6.1.5 (f). The decoder leaves cRLDistributionPoints raw, since most verifications never look at them;
 * the revocation check reads them, so that they are understood.
 */
export const checkCriticalExtensions: PathCheck = (path, index) => {
  const certificate = path[index];
  if (certificate === undefined) return undefined;
  const unknown = certificate.extensions.unknownCritical.filter((oid) => oid !== extensionOid.cRLDistributionPoints);
  if (unknown.length > 0) return { code: "unknown-critical-extension", actual: unknown.join(", ") };
  const qualifier = criticalQualifier(certificate);
  if (qualifier === undefined) return undefined;
  return {
    code: "unknown-critical-extension",
    cites: "RFC 5280 §4.2.1.4",
    actual: `certificatePolicies with qualifier ${qualifier}`,
  };
};

/** A critical certificatePolicies MUST be understood with its qualifiers. */
function criticalQualifier({ extensions }: Certificate): string | undefined {
  if (extensions.certificatePolicies === undefined) return undefined;
  const policies = extensions.all.get(extensionOid.certificatePolicies);
  if (policies === undefined || !policies.critical) return undefined;
  try {
    return unknownQualifier(policies.value);
  } catch (fault) {
    if (fault instanceof DerFault) return fault.problem.code;
    throw fault;
  }
}
