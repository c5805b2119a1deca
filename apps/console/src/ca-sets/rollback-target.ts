import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";

/** The version that was complete on the network before the one that is there now; undefined: there was none. Newest first. Pure. */
export function rollbackTarget(
  activations: readonly ActivationView[],
  network: Network,
  active: number | null,
): number | undefined {
  return activations.find(
    (one) =>
      one.network === network &&
      one.activationType === "ACTIVATE" &&
      one.activationStatus === "COMPLETE" &&
      one.version !== active,
  )?.version;
}
