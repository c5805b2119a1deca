import type { Network } from "@tcm/core";

/** What the choice of networks means, before anything is deployed. `isNew`: no network has the set. */
export function ruleText(isNew: boolean, chosen: readonly Network[]): string {
  const [isStaging, isProduction] = [chosen.includes("STAGING"), chosen.includes("PRODUCTION")];
  if (isStaging && isProduction)
    return "Staging goes first. Production begins when every staging node has shown that it serves the version, and not at all when staging fails.";
  if (!isNew)
    return "The networks may run different versions of this set: one that is not chosen keeps the version that it has.";
  if (isProduction)
    return "This goes to production without having been tried on staging. A new set must be on both networks before an edge certificate can use it.";
  return "A new set must be on both networks before an edge certificate can use it. Staging alone is a good first step: try a client there, and deploy the same version to production afterwards.";
}
