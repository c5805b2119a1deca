import type { CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

/** Where a set has no version, so that no edge certificate can use it. Pure. */
export function missingNetworks({ stagingVersion, productionVersion }: CaSetView): readonly Network[] {
  return [
    ...(stagingVersion === null ? (["STAGING"] as const) : []),
    ...(productionVersion === null ? (["PRODUCTION"] as const) : []),
  ];
}

/** Which version would go there: the one on the other network, else the latest; undefined: the set has none. Pure. */
export function versionToDeploy(set: CaSetView): number | undefined {
  return set.stagingVersion ?? set.productionVersion ?? set.latestVersion ?? undefined;
}
