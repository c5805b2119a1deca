import type { ActivationView } from "@tcm/api-contract";
import { plural } from "../text/time-text.ts";
import { timeLeft } from "./countdown.ts";
import type { NodeView } from "./node-state-text.ts";
import { isDone } from "./node-state-text.ts";

export type Stage = {
  readonly name: string;
  readonly state: "done" | "now" | "waiting" | "stopped";
  readonly sentence: string;
};

/** The stages of a deployment with one node first; undefined: it goes to all nodes at once. Pure. */
export function stagesOf(
  { oneNodeFirst, activationStatus }: Pick<ActivationView, "oneNodeFirst" | "activationStatus">,
  nodes: readonly NodeView[],
  nowMs: number,
): readonly Stage[] | undefined {
  if (oneNodeFirst === undefined) return undefined;
  const { nodeId, phase, observationSeconds, provedDate } = oneNodeFirst;
  const order = ["FIRST_NODE", "OBSERVATION", "REST"] as const;
  const here = order.indexOf(phase);
  const stateOf = (stage: number): Stage["state"] => {
    if (activationStatus === "COMPLETE" || stage < here) return "done";
    if (stage > here) return activationStatus === "FAILED" ? "stopped" : "waiting";
    return activationStatus === "FAILED" ? "stopped" : "now";
  };
  const watchedUntil = provedDate === null ? undefined : Date.parse(provedDate) + observationSeconds * 1_000;
  return [
    { name: `${nodeId} goes first`, state: stateOf(0), sentence: firstSentence(stateOf(0), nodeId) },
    {
      name: `It is watched for ${plural(observationSeconds, "second")}`,
      state: stateOf(1),
      sentence: watchSentence(stateOf(1), watchedUntil, nowMs),
    },
    { name: "The others follow", state: stateOf(2), sentence: restSentence(stateOf(2), nodes, nodeId) },
  ];
}

function firstSentence(state: Stage["state"], nodeId: string): string {
  if (state === "done") return "It has proved the change.";
  return state === "now" ? `Only ${nodeId} is told so far.` : "It did not prove the change.";
}

function watchSentence(state: Stage["state"], untilMs: number | undefined, nowMs: number): string {
  switch (state) {
    case "done":
      return "No more clients of removed CAs were refused than are allowed.";
    case "now": {
      const left = untilMs === undefined ? undefined : timeLeft(untilMs, nowMs);
      return left === undefined ? "Its time is over." : `For another ${left}.`;
    }
    case "waiting":
      return "Begins when it has proved the change.";
    case "stopped":
      return "The change went no further.";
  }
}

function restSentence(state: Stage["state"], nodes: readonly NodeView[], nodeId: string): string {
  const others = nodes.filter((node) => node.nodeId !== nodeId && node.excludedDate === null);
  if (state === "waiting") return others.length === 0 ? "There are no others." : "They serve what they had.";
  const done = others.filter(isDone).length;
  if (state === "stopped" && done === 0) return "They were not told, or have not proved it.";
  return others.length === 0 ? "There are no others." : `${done} of ${plural(others.length, "node")} proved it.`;
}
