import type { Certificate } from "../../certificate/certificate.ts";
import { isSelfIssued } from "../../certificate/self-issued.ts";
import type { PathCheck } from "../path-check.ts";

/**
 * RFC 5280 §6.1.4 (k). A self-signed version 1 certificate has no place for basicConstraints; as an anchor it counts as a
 * CA, by the last sentence of that clause: roots of that kind are in use.
 */
export const checkIsCa: PathCheck = (path, index) => {
  const certificate = path[index];
  if (index === 0 || certificate === undefined) return undefined;
  if (index === path.length - 1 && isLegacyRoot(certificate)) return undefined;
  const { basicConstraints } = certificate.extensions;
  if (basicConstraints === undefined) return { code: "basic-constraints-missing" };
  return basicConstraints.cA ? undefined : { code: "not-a-ca", expected: "cA TRUE", actual: "cA FALSE" };
};

function isLegacyRoot(certificate: Certificate): boolean {
  return certificate.version === 1 && isSelfIssued(certificate);
}

/** RFC 5280 §6.1.4 (n). */
export const checkCertSign: PathCheck = (path, index) => {
  const keyUsage = path[index]?.extensions.keyUsage;
  if (index === 0 || keyUsage === undefined || keyUsage.keyCertSign) return undefined;
  return { code: "key-usage-no-cert-sign", expected: "keyCertSign", actual: "a keyUsage without it" };
};

/**
 * RFC 5280 §6.1.4 (l) and (m): self-issued certificates do not count, nor does the leaf. The caller's own limit is the value
 * that max_path_length starts with at the anchor (§6.1.2 (k)).
 */
export const checkPathLength: PathCheck = (path, index, { maxPathLength = Infinity }) => {
  if (index === 0) return undefined;
  const constraint = path[index]?.extensions.basicConstraints?.pathLenConstraint ?? Infinity;
  const limit = index === path.length - 1 ? Math.min(constraint, maxPathLength) : constraint;
  if (limit === Infinity) return undefined;
  let left = limit;
  for (let i = index - 1; i > 0; i--) {
    if (isSelfIssued(path[i] as Certificate)) continue;
    // The one too many is where (l) fails.
    if (left === 0) return { code: "path-length-exceeded", index: i, expected: `at most ${limit} CAs here` };
    left--;
  }
  return undefined;
};
