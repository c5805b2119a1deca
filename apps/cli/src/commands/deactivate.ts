import type { Command } from "commander";
import { findCaSet, parseVersionReference } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import {
  checkTimeout,
  defaultTimeoutSeconds,
  type FollowOptions,
  presentActivation,
} from "../deployment/follow-activation.ts";
import { activeVersion, failedRemoval, listActivations } from "../deployment/list-activations.ts";
import { networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { addOneNodeFirst, type OneNodeFirstOptions, strategyOf } from "../deployment/one-node-first.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf } from "./server-command.ts";

type DeactivateOptions = FollowOptions & OneNodeFirstOptions & { readonly network: NetworkWord };

export function addDeactivate(program: Command, context: CommandContext): void {
  const command = program
    .command("deactivate")
    .summary("take a CA set off a network")
    .description(
      "Takes the active version of a CA set off a network. Refused while an edge certificate uses the set. Where that failed before, and nodes are behind, it is tried again.",
    )
    .argument("<name[@version]>", "CA set by name or id; without a version, the active one")
    .addOption(networkOption(["staging", "production"]).makeOptionMandatory())
    .option("--wait", "wait until every node has proved it, and show the way there")
    .option("--timeout <seconds>", "how long to wait", checkTimeout, defaultTimeoutSeconds);
  addOneNodeFirst(command);
  addServerOptions(command)
    .addHelpText("after", "\nExample:\n  tcm deactivate partners --network staging --wait")
    .action(async (reference: string, options: DeactivateOptions) => {
      const strategy = strategyOf(options);
      const client = clientOf(options, context);
      const { caSet: name, version: given } = parseVersionReference(reference);
      const caSet = await findCaSet(client, name);
      const network = networkOf(options.network);
      const version =
        given ?? activeVersion(caSet, network) ?? failedRemoval(network, await listActivations(client, caSet));
      if (version === undefined)
        throw new CommandFailure(exitCode.problem, `"${caSet.caSetName}" is not active on ${options.network}.`);
      const body = { network, ...strategy };
      const started = await client.call("deactivateVersion", { params: { ...caSet, version }, body });
      await presentActivation(client, started, options, context);
    });
}
