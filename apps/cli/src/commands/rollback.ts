import type { Command } from "commander";
import { findCaSet, parseVersionNumber } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import {
  checkTimeout,
  defaultTimeoutSeconds,
  type FollowOptions,
  presentActivation,
} from "../deployment/follow-activation.ts";
import { listActivations, previousVersion } from "../deployment/list-activations.ts";
import { networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { addOneNodeFirst, type OneNodeFirstOptions, strategyOf } from "../deployment/one-node-first.ts";
import { exitCode } from "../output/exit-code.ts";
import { addServerOptions, clientOf } from "./server-command.ts";

type RollbackOptions = FollowOptions & OneNodeFirstOptions & { readonly network: NetworkWord; readonly to?: string };

export function addRollback(program: Command, context: CommandContext): void {
  const command = program
    .command("rollback")
    .summary("go back to the version that was active before")
    .description("Deploys, as a new generation, the version that was active on the network before the present one.")
    .argument("<name>", "CA set by name or id")
    .addOption(networkOption(["staging", "production"]).makeOptionMandatory())
    .option("--to <version>", "go back to this version instead")
    .option("--wait", "wait until every node has proved it, and show the way there")
    .option("--timeout <seconds>", "how long to wait", checkTimeout, defaultTimeoutSeconds);
  addOneNodeFirst(command);
  addServerOptions(command)
    .addHelpText("after", "\nExample:\n  tcm rollback partners --network production --wait")
    .action(async (name: string, options: RollbackOptions) => {
      const strategy = strategyOf(options);
      const client = clientOf(options, context);
      const caSet = await findCaSet(client, name);
      const network = networkOf(options.network);
      const version =
        options.to === undefined
          ? previousVersion(caSet, network, await listActivations(client, caSet))
          : parseVersionNumber(options.to);
      if (version === undefined)
        throw new CommandFailure(
          exitCode.problem,
          `No other version of "${caSet.caSetName}" was active on ${options.network} before. Name one with --to.`,
        );
      const body = { network, ...strategy };
      const started = await client.call("activateVersion", { params: { ...caSet, version }, body });
      await presentActivation(client, started, options, context);
    });
}
