import { type ActivationRequest, mostObservationSeconds, mostRefusedClients } from "@tcm/api-contract";
import { plural } from "../text/time-text.ts";

/** In what order the nodes of a network are told, and what stops it at the first; the numbers as they are typed. */
export type Strategy = {
  readonly order: "ALL_AT_ONCE" | "ONE_NODE_FIRST";
  readonly observationSeconds: string;
  readonly maxRefusedClients: string;
};

/** What the server takes when nothing is said. */
export const usualStrategy: Strategy = { order: "ALL_AT_ONCE", observationSeconds: "30", maxRefusedClients: "0" };

type NumberName = "observationSeconds" | "maxRefusedClients";

/** As the API bounds them. */
export const strategyLimits: Readonly<Record<NumberName, number>> = {
  observationSeconds: mostObservationSeconds,
  maxRefusedClients: mostRefusedClients,
};

/** What is wrong with a number that counts; undefined: nothing. Pure. */
export function strategyFault(strategy: Strategy, name: NumberName): string | undefined {
  if (strategy.order === "ALL_AT_ONCE") return undefined;
  const most = strategyLimits[name];
  const isFine = /^\d{1,7}$/.test(strategy[name].trim()) && Number(strategy[name]) <= most;
  return isFine ? undefined : `A whole number from 0 to ${most.toLocaleString("en")}.`;
}

export function hasStrategyFault(strategy: Strategy): boolean {
  return (["observationSeconds", "maxRefusedClients"] as const).some((name) => strategyFault(strategy, name));
}

/** What the API is asked beside the network. Pure. */
export function strategyRequest(strategy: Strategy): Omit<ActivationRequest, "network"> {
  const { order, observationSeconds, maxRefusedClients } = strategy;
  if (order === "ALL_AT_ONCE") return { strategy: order };
  return {
    strategy: order,
    observationSeconds: Number(observationSeconds),
    maxRefusedClients: Number(maxRefusedClients),
  };
}

/** What one node first does, with the numbers as they are chosen. Pure. */
export function oneNodeFirstText(strategy: Strategy): string {
  const chosen = hasStrategyFault({ ...strategy, order: "ONE_NODE_FIRST" }) ? usualStrategy : strategy;
  const [seconds, most] = [Number(chosen.observationSeconds), Number(chosen.maxRefusedClients)];
  const watched = seconds === 0 ? "It has to prove the change" : `It is watched for ${plural(seconds, "second")}`;
  const stop =
    most === 0
      ? "One refused client whose CA this change removes stops it there"
      : `More than ${plural(most, "refused client")} whose CA this change removes stop it there`;
  return `${watched}; the others follow when nothing happened. ${stop}; other refusals do not count.`;
}
