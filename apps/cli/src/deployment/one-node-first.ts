import { type ActivationRequest, mostObservationSeconds, mostRefusedClients } from "@tcm/api-contract";
import { type Command, InvalidArgumentError } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";

export type OneNodeFirstOptions = {
  readonly oneNodeFirst?: true;
  readonly observe?: number;
  readonly maxRefused?: number;
};

/** How a deployment goes out: to all nodes at once, unless one is to go first. */
export function addOneNodeFirst(command: Command): Command {
  return command
    .option("--one-node-first", "deploy to one node, watch it, and then to the rest")
    .option(
      "--observe <seconds>",
      "how long to watch the first node after its proof (default: 30)",
      upTo(mostObservationSeconds),
    )
    .option(
      "--max-refused <n>",
      "stop at more refused clients of a removed CA than this (default: 0)",
      upTo(mostRefusedClients),
    );
}

/** What of it goes into the request: nothing where nothing was asked for. */
export function strategyOf({
  oneNodeFirst,
  observe,
  maxRefused,
}: OneNodeFirstOptions): Omit<ActivationRequest, "network"> {
  if (oneNodeFirst === undefined) {
    if (observe === undefined && maxRefused === undefined) return {};
    throw new CommandFailure(exitCode.usage, "--observe and --max-refused go with --one-node-first.");
  }
  return {
    strategy: "ONE_NODE_FIRST",
    ...(observe !== undefined && { observationSeconds: observe }),
    ...(maxRefused !== undefined && { maxRefusedClients: maxRefused }),
  };
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > most)
      throw new InvalidArgumentError(`It is a whole number from 0 to ${most.toLocaleString("en")}.`);
    return value;
  };
}
