import type { Command } from "commander";
import { findCaSet } from "../client/find-ca-set.ts";
import type { CommandContext } from "../command-context.ts";
import { findRunning } from "../deployment/list-activations.ts";
import { networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { renderSubject } from "../deployment/progress-text.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

export function addCancel(program: Command, context: CommandContext): void {
  const command = program
    .command("cancel")
    .summary("end a running deployment; the previous content goes out again")
    .description("Ends the running deployment of a CA set on a network; what was served before goes out again.")
    .argument("<name>", "CA set by name or id")
    .addOption(networkOption(["staging", "production"]).makeOptionMandatory());
  addServerOptions(command)
    .addHelpText("after", "\nExample:\n  tcm cancel partners --network production")
    .action(async (name: string, options: ServerOptions & { readonly network: NetworkWord }) => {
      const client = clientOf(options, context);
      const caSet = await findCaSet(client, name);
      const running = await findRunning(client, caSet, networkOf(options.network));
      const cancelled = await client.call("cancelActivation", { params: running });
      print(context, options, cancelled, () => `${renderSubject(cancelled)}  cancelled\n`);
    });
}
