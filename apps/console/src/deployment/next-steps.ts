import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { networkName } from "../text/network-name.ts";
import type { Outcome } from "./outcome.ts";

/** A deployment that can be begun from here: the next page shows what it changes, and begins it. */
export type NextStep = { readonly label: string; readonly version: number; readonly network: Network };

/** What to do next, the likeliest first. Pure. */
export function nextSteps(
  { version, previousVersion, network, activationType }: ActivationView,
  outcome: Outcome,
  productionVersion: number | null,
): readonly NextStep[] {
  if (outcome === "followed") return [];
  const back: readonly NextStep[] =
    previousVersion === null || previousVersion === version
      ? []
      : [{ label: `Roll back to version ${previousVersion}`, version: previousVersion, network }];
  if (activationType === "DEACTIVATE")
    return previousVersion === null
      ? []
      : [{ label: `Deploy version ${previousVersion} again`, version: previousVersion, network }];
  const again: NextStep = { label: `Deploy version ${version} again`, version, network };
  switch (outcome) {
    case "complete":
      return [...toProduction(version, network, productionVersion), ...back];
    case "kept":
      return [again, ...back];
    case "restored":
      return [again];
    case "stopped":
      return [
        again,
        ...(previousVersion === null
          ? []
          : [{ label: `Deploy version ${previousVersion} again`, version: previousVersion, network }]),
      ];
  }
}

function toProduction(version: number, network: Network, productionVersion: number | null): readonly NextStep[] {
  if (network === "PRODUCTION" || productionVersion === version) return [];
  return [{ label: `Deploy to ${networkName.PRODUCTION.toLowerCase()}`, version, network: "PRODUCTION" }];
}
