import type { ActivationView } from "@tcm/api-contract";
import { plural } from "../text/time-text.ts";
import { timeLeft } from "./countdown.ts";
import type { NodeView } from "./node-state-text.ts";
import { isDone } from "./node-state-text.ts";

type OneNodeFirst = NonNullable<ActivationView["oneNodeFirst"]>;

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
  const { nodeId, phase, observationSeconds } = oneNodeFirst;
  const order = ["FIRST_NODE", "OBSERVATION", "REST"] as const;
  const here = order.indexOf(phase);
  const stateOf = (stage: number): Stage["state"] => {
    if (activationStatus === "COMPLETE" || stage < here) return "done";
    if (stage > here) return activationStatus === "FAILED" ? "stopped" : "waiting";
    return activationStatus === "FAILED" ? "stopped" : "now";
  };
  return [
    { name: `${nodeId} goes first`, state: stateOf(0), sentence: firstSentence(stateOf(0), nodeId) },
    {
      name: `It is watched for ${plural(observationSeconds, "second")}`,
      state: stateOf(1),
      sentence: watchSentence(stateOf(1), oneNodeFirst, nowMs),
    },
    { name: "The others follow", state: stateOf(2), sentence: restSentence(stateOf(2), nodes, nodeId) },
  ];
}

function firstSentence(state: Stage["state"], nodeId: string): string {
  if (state === "done") return "It has proved the change.";
  return state === "now" ? `Only ${nodeId} is told so far.` : "It did not prove the change.";
}

function watchSentence(state: Stage["state"], first: OneNodeFirst, nowMs: number): string {
  switch (state) {
    case "done":
      return "No more clients of removed CAs were refused than are allowed.";
    case "now": {
      const left = timeLeft(watchedUntilMs(first), nowMs);
      return [left === undefined ? "Its time is over." : `For another ${left}.`, refusedSentence(first)].join(" ");
    }
    case "waiting":
      return "Begins when it has proved the change.";
    case "stopped":
      return "The change went no further.";
  }
}

/** NaN before it has proved the change. */
function watchedUntilMs({ provedDate, observationSeconds }: OneNodeFirst): number {
  return Date.parse(provedDate ?? "") + observationSeconds * 1_000;
}

/** Who of those that count was refused so far, and how many stop it. */
function refusedSentence({ refusedClients = 0, maxRefusedClients }: OneNodeFirst): string {
  const refused = `${plural(refusedClients, "client")} of a removed CA ${refusedClients === 1 ? "was" : "were"} refused`;
  return `${refused} so far; ${maxRefusedClients === 0 ? "the first one stops it" : `more than ${maxRefusedClients.toLocaleString("en")} stop it`}.`;
}

/**
 * How far it is, of a hundred: the time in which the first node is watched counts like one node more, so that a network of one is not
 * done before it. Pure.
 */
export function percentShown(
  {
    percentComplete,
    activationStatus,
    oneNodeFirst,
  }: Pick<ActivationView, "percentComplete" | "activationStatus" | "oneNodeFirst">,
  nodes: readonly NodeView[],
): number {
  const isBeforeRest =
    activationStatus === "IN_PROGRESS" && oneNodeFirst !== undefined && oneNodeFirst.phase !== "REST";
  if (!isBeforeRest) return percentComplete;
  const counted = nodes.filter(({ excludedDate }) => excludedDate === null);
  return Math.floor((counted.filter(isDone).length * 100) / (counted.length + 1));
}

/** While the first node is watched: who serves it, until when, and what comes then; undefined: nobody is watched. Pure. */
export function watchedSentence(
  { oneNodeFirst, activationStatus }: Pick<ActivationView, "oneNodeFirst" | "activationStatus">,
  nodes: readonly NodeView[],
  clock: (ms: number) => string,
): string | undefined {
  if (oneNodeFirst?.phase !== "OBSERVATION" || activationStatus !== "IN_PROGRESS") return undefined;
  const counted = nodes.filter(({ excludedDate }) => excludedDate === null);
  const others = counted.filter(({ nodeId }) => nodeId !== oneNodeFirst.nodeId).length;
  const next =
    others === 0
      ? "Then it is complete: there are no others."
      : `Then the other ${plural(others, "node")} ${others === 1 ? "is" : "are"} told.`;
  const until = clock(watchedUntilMs(oneNodeFirst));
  return `${counted.length - others} of ${plural(counted.length, "node")} serves it, and is watched until ${until}. ${next}`;
}

function restSentence(state: Stage["state"], nodes: readonly NodeView[], nodeId: string): string {
  const others = nodes.filter((node) => node.nodeId !== nodeId && node.excludedDate === null);
  if (state === "waiting") return others.length === 0 ? "There are no others." : "They serve what they had.";
  const done = others.filter(isDone).length;
  if (state === "stopped" && done === 0) return "They were not told, or have not proved it.";
  return others.length === 0 ? "There are no others." : `${done} of ${plural(others.length, "node")} proved it.`;
}
