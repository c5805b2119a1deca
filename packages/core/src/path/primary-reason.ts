import { keyIdentifierMatch } from "./candidate-issuers.ts";
import type { GivenUp } from "./path-search.ts";

/** Stops which say that the certificate above is not the issuer at all, only its namesake. */
const namesakeStops: ReadonlySet<string> = new Set(["signature-invalid", "sig-key-type-mismatch"]);

/**
 * Of all the paths that were given up the one that tells best why: it reached an anchor; no link of it is to a mere namesake,
 * by signature or else by key identifier; it is the longest; it was tried first.
 */
export function isBetterReason(a: GivenUp, b: GivenUp): boolean {
  if (a.reachedAnchor !== b.reachedAnchor) return a.reachedAnchor;
  const namesakes = Number(namesakeStops.has(b.stop.code)) - Number(namesakeStops.has(a.stop.code));
  if (namesakes !== 0) return namesakes > 0;
  const mismatches = mismatchedLinks(b) - mismatchedLinks(a);
  if (mismatches !== 0) return mismatches > 0;
  return a.path.length > b.path.length;
}

function mismatchedLinks({ path }: GivenUp): number {
  let count = 0;
  for (let i = 0; i + 1 < path.length; i++) {
    const [child, issuer] = [path[i], path[i + 1]];
    if (child !== undefined && issuer !== undefined && keyIdentifierMatch(child, issuer) === 0) count++;
  }
  return count;
}
