import { ApiProblem, type ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { client } from "../api/client.ts";
import type { Saved } from "./journey-state.ts";
import { type Strategy, strategyRequest } from "./strategy.ts";

export type Order = {
  readonly saved: Saved;
  readonly network: Network;
  readonly strategy: Strategy;
  /** The answer to an attempt before may have been lost: what it began is followed. */
  readonly isRetry: boolean;
};

export async function activate({ saved, network, strategy, isRetry }: Order): Promise<ActivationView> {
  const { caSetId, version, etag } = saved;
  const params = { caSetId, version };
  try {
    const body = { network, ...strategyRequest(strategy) };
    return await client.call("activateVersion", { params, body, ...(etag !== undefined && { ifMatch: etag }) });
  } catch (error) {
    if (!isRetry || !(error instanceof ApiProblem) || !underWay.has(error.code)) throw error;
    const { activations } = await client.call("listVersionActivations", { params });
    const begun = activations.find((one) => one.network === network);
    if (begun?.activationType !== "ACTIVATE" || begun.activationStatus === "FAILED") throw error;
    return begun;
  }
}

/** Somebody edited the version since it was saved or looked at. */
export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "precondition-failed";
}

const underWay: ReadonlySet<string> = new Set([
  "another-activation-request-in-progress-in-the-ca-set",
  "ca-set-version-already-active-on-network",
]);
