import type { PathCheck } from "../path-check.ts";
import { profileRules } from "./profile-rules.ts";

/**
 * The strict profile: what RFC 5280 §4 asks of issuers is asked of every certificate of the path, the anchor included. Only
 * its serial number is let be: nobody looks it up, and roots in wide use have 0.
 */
export const checkProfile: PathCheck = (path, index) => {
  const certificate = path[index];
  if (certificate === undefined) return undefined;
  const isAnchor = index === path.length - 1;
  const noted = certificate.findings.find(({ code }) => !(isAnchor && code.startsWith("profile-serial-")));
  if (noted !== undefined) return { code: "profile-violation", cites: noted.cites, actual: noted.code };
  for (const { cites, violation } of profileRules) {
    const actual = violation(certificate);
    if (actual !== undefined) return { code: "profile-violation", cites, actual };
  }
  return undefined;
};
