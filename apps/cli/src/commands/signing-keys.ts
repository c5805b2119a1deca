import type { SigningKeyView } from "@tcm/api-contract";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { networkName, networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { shortDate } from "../output/date.ts";
import { type Column, renderTable } from "../output/table.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type RotateOptions = ServerOptions & { readonly network: NetworkWord };

export function addSigningKeys(program: Command, context: CommandContext): void {
  const keys = program
    .command("signing-keys")
    .summary("the keys that sign what nodes serve")
    .description("Each network signs what its nodes serve with a key of its own. For administrators.");

  addServerOptions(keys.command("list", { isDefault: true }).description("Shows the keys, those in use first.")).action(
    async (options: ServerOptions) => {
      const list = await clientOf(options, context).call("listSigningKeys", {});
      print(context, options, list, () => renderTable(list.signingKeys, columns, "There is no key."));
    },
  );

  const rotate = keys
    .command("rotate")
    .description("Gives a network another key, signed by the one in use. Nodes take it over while they serve.")
    .addOption(networkOption(["staging", "production"]).makeOptionMandatory());
  addServerOptions(rotate)
    .addHelpText("after", "\nExample:\n  tcm signing-keys rotate --network production")
    .addHelpText("after", "\nBack up afterwards: nodes no longer believe the key of an earlier backup.")
    .action(async (options: RotateOptions) => {
      const body = { network: networkOf(options.network) };
      const key = await clientOf(options, context).call("rotateSigningKey", { body });
      print(context, options, key, () => `${networkName[key.network]} is signed by key ${key.keyId} from now on.\n`);
    });
}

const columns: readonly Column<SigningKeyView>[] = [
  { title: "NETWORK", value: ({ network }) => networkName[network] },
  { title: "KEY", value: ({ keyId }) => keyId },
  { title: "STATUS", value: ({ status }) => status },
  { title: "CREATED", value: ({ createdDate }) => shortDate(createdDate) },
  { title: "RETIRED", value: ({ retiredDate }) => (retiredDate === null ? "" : shortDate(retiredDate)) },
  { title: "BY", value: ({ retiredBy }) => retiredBy ?? "" },
  { title: "SUCCESSOR", value: ({ successorKeyId }) => successorKeyId ?? "" },
];
