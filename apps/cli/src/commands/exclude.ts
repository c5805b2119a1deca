import type { Command } from "commander";
import { findCaSet } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { findRunning } from "../deployment/list-activations.ts";
import { networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { renderProgress } from "../deployment/progress-text.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

export function addExclude(program: Command, context: CommandContext): void {
  const command = program
    .command("exclude")
    .summary("let a running deployment end without a node")
    .description(
      "Takes a node that cannot answer out of the count of a running deployment, on the record. It still gets what the network serves when it comes back.",
    )
    .argument("<name>", "CA set by name or id")
    .argument("<node>", "id of the node")
    .addOption(networkOption(["staging", "production"]).makeOptionMandatory());
  addServerOptions(command)
    .addHelpText("after", "\nExample:\n  tcm exclude partners edge-7 --network production")
    .action(async (name: string, nodeId: string, options: ServerOptions & { readonly network: NetworkWord }) => {
      const client = clientOf(options, context);
      const running = await findRunning(client, await findCaSet(client, name), networkOf(options.network));
      const body = await client.call("excludeNode", { params: running, body: { nodeId } });
      print(context, options, body, () => renderProgress({ activation: running, ...body }));
    });
}
