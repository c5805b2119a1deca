import type { PathCheck } from "../path-check.ts";
import { profileRules } from "./profile-rules.ts";

/** The strict profile: what RFC 5280 §4 asks of issuers is asked of every certificate of the path, the anchor included. */
export const checkProfile: PathCheck = (path, index) => {
  const certificate = path[index];
  const noted = certificate?.findings[0];
  if (certificate === undefined) return undefined;
  if (noted !== undefined) return { code: "profile-violation", cites: noted.cites, actual: noted.code };
  for (const { cites, violation } of profileRules) {
    const actual = violation(certificate);
    if (actual !== undefined) return { code: "profile-violation", cites, actual };
  }
  return undefined;
};
