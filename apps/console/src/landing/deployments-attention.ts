import { isCancelled } from "../deployment/outcome.ts";
import { consoleWords } from "../text/console-words.ts";
import { networkName } from "../text/network-name.ts";
import type { Attention, Look } from "./attention.ts";

/** Deployments that failed and were not followed by another. One that somebody cancelled was meant to end so. */
export function failedAttention({ overview: { lastActivations } }: Look): readonly Attention[] {
  return lastActivations
    .filter(({ activationStatus }) => activationStatus === "FAILED")
    .map((activation): Attention => {
      const { caSetId, caSetName, version, activationId, network, failureReason } = activation;
      const cancelled = isCancelled(activation);
      return {
        key: `failed ${activationId}`,
        gravity: cancelled ? "info" : "danger",
        title: `${caSetName} version ${version} on ${networkName[network].toLowerCase()} ${cancelled ? "was cancelled" : "failed"}`,
        ...(failureReason !== null && { detail: consoleWords(failureReason) }),
        place: { page: "deployment", caSetId, version, activationId },
        action: "Look at the deployment",
      };
    });
}
