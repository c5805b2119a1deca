import type { ActivationView } from "@tcm/api-contract";
import { networkName } from "../deployment/network-option.ts";

/** As the end of a sentence: what one node first has stopped. */
export function wasStopped({ activationType, caSetName, version }: ActivationView): string {
  const what =
    activationType === "ACTIVATE" ? `${caSetName}@${version}` : `the deactivation of ${caSetName}@${version}`;
  return `${what} was stopped on one node`;
}

/** Why it was stopped, and who goes on how. */
export function whyStopped({ activationType, caSetName, network, failureReason }: ActivationView): readonly string[] {
  const verb = activationType === "ACTIVATE" ? `deploy ${caSetName}@VERSION` : `deactivate ${caSetName}`;
  return [
    ...(failureReason === null ? [] : [failureReason]),
    `A file does not go on with it. You do: tcm ${verb} --network ${networkName[network]}, with --one-node-first or to all nodes at once.`,
  ];
}
