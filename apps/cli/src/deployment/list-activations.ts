import type { ActivationView, CaSetView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import type { ApiClient } from "../client/api-client.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { networkName } from "./network-option.ts";

/** Every activation and deactivation of a set, newest first. */
export async function listActivations(
  client: ApiClient,
  { caSetId }: Pick<CaSetView, "caSetId">,
): Promise<readonly ActivationView[]> {
  const { activations } = await client.call("listSetActivations", { params: { caSetId } });
  return [...activations].sort((a, b) => b.activationId - a.activationId);
}

/** The deployment that is under way on a network; there is at most one. Throws a failure when there is none. */
export async function findRunning(client: ApiClient, caSet: CaSetView, network: Network): Promise<ActivationView> {
  const running = (await listActivations(client, caSet)).find(
    (activation) => activation.network === network && activation.activationStatus === "IN_PROGRESS",
  );
  if (running !== undefined) return running;
  const sentence = `No deployment of "${caSet.caSetName}" is running on ${networkName[network]}.`;
  throw new CommandFailure(exitCode.problem, sentence);
}

export function activeVersion({ stagingVersion, productionVersion }: CaSetView, network: Network): number | null {
  return network === "STAGING" ? stagingVersion : productionVersion;
}

/** Of the last thing that was done on the network, when that was a deactivation that failed: it can be asked for again. */
export function failedRemoval(network: Network, newestFirst: readonly ActivationView[]): number | undefined {
  const last = newestFirst.find((activation) => activation.network === network);
  return last?.activationType === "DEACTIVATE" && last.activationStatus === "FAILED" ? last.version : undefined;
}

/** Whether the version was deployed to the network before, and its last deployment there failed. */
export function hasFailed(version: number, network: Network, newestFirst: readonly ActivationView[]): boolean {
  const last = newestFirst.find(
    (one) => one.network === network && one.version === version && one.activationType === "ACTIVATE",
  );
  return last?.activationStatus === "FAILED";
}

/**
 * What one node first has stopped, and nobody has gone on with since: the last thing that was done on the network, or the last that was
 * the same. Undefined when neither was stopped.
 */
export function stoppedOnFirstNode(
  network: Network,
  newestFirst: readonly ActivationView[],
  isSame: (activation: ActivationView) => boolean,
): ActivationView | undefined {
  const here = newestFirst.filter((activation) => activation.network === network);
  return [here[0], here.find(isSame)].find(
    (one) => one?.activationStatus === "FAILED" && one.oneNodeFirst !== undefined,
  );
}

/**
 * The version to go back to: with a change running, the one that is still active; else the one that was activated last before
 * the active one. Undefined when there is none.
 */
export function previousVersion(
  caSet: CaSetView,
  network: Network,
  newestFirst: readonly ActivationView[],
): number | undefined {
  const here = newestFirst.filter((activation) => activation.network === network);
  const current = activeVersion(caSet, network);
  const isRunning = here.some(({ activationStatus }) => activationStatus === "IN_PROGRESS");
  if (isRunning && current !== null) return current;
  const since = here.findIndex(({ version, activationType }) => version === current && activationType === "ACTIVATE");
  return here
    .slice(since + 1)
    .find(
      ({ version, activationType, activationStatus }) =>
        version !== current && activationType === "ACTIVATE" && activationStatus === "COMPLETE",
    )?.version;
}
