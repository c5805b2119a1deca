import { extensionOid } from "../../certificate/extension-oid.ts";
import type { PathCheck } from "../path-check.ts";

/**
 * RFC 5280 §6.1.4 (o), §6.1.5 (f). The decoder leaves cRLDistributionPoints raw, since most verifications never look at them;
 * the revocation check reads them, so that they are understood.
 */
export const checkCriticalExtensions: PathCheck = (path, index) => {
  const unknown = path[index]?.extensions.unknownCritical ?? [];
  if (unknown.length === 0) return undefined;
  const unprocessed = unknown.filter((oid) => oid !== extensionOid.cRLDistributionPoints);
  return unprocessed.length === 0 ? undefined : { code: "unknown-critical-extension", actual: unprocessed.join(", ") };
};
