import { setTimeout as delay } from "node:timers/promises";
import type { ActivationNodesView, ActivationView } from "@tcm/api-contract";
import type { ApiClient } from "../client/api-client.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

/** How far an activation is, with every node that counts. */
export type Progress = { readonly activation: ActivationView; readonly nodes: ActivationNodesView["nodes"] };

export type Wait = {
  /** Milliseconds since 1970: when to stop waiting, whatever the state. */
  readonly until: number;
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
};

const firstPollMs = 50;
const slowestPollMs = 1_000;

/**
 * Asks until the activation has ended or the time is over; the caller sees which by the status. A control plane that is away
 * for a moment, for a restart say, is asked again.
 */
export async function awaitActivation(client: ApiClient, started: ActivationView, wait: Wait): Promise<Progress> {
  let latest: Progress = { activation: started, nodes: [] };
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 1.3, slowestPollMs)) {
    const progress = await readProgress(client, started);
    if (progress !== undefined) {
      latest = progress;
      wait.onProgress(latest);
      if (latest.activation.activationStatus !== "IN_PROGRESS") return latest;
    }
    const left = wait.until - wait.now();
    if (left <= 0) return latest;
    await delay(Math.min(pollMs, left));
  }
}

/** Undefined while nobody answers. The status is read before the nodes, so that an end shows their last states. */
async function readProgress(client: ApiClient, started: ActivationView): Promise<Progress | undefined> {
  try {
    const activation = await client.call("getActivation", { params: started });
    const { nodes } = await client.call("listActivationNodes", { params: started });
    return { activation, nodes };
  } catch (error) {
    if (error instanceof CommandFailure && error.exitCode === exitCode.unreachable) return undefined;
    throw error;
  }
}
