import { roles } from "@tcm/api-contract";
import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { createToken } from "../store/create-token.ts";
import { addStoreOptions, storeLocation, type StoreOptions } from "./store-options.ts";

type TokenOptions = StoreOptions & { readonly role: string };

export function addToken(program: Command, context: CommandContext): void {
  const token = program.command("token").summary("make API tokens").description("API tokens.");
  const create = token
    .command("create")
    .description("Makes an API token and prints only it. Works beside a running control plane, and without one.")
    .addOption(new Option("--role <role>", "what it may do").choices(roles).makeOptionMandatory());
  addStoreOptions(create)
    .addHelpText("after", "\nExample:\n  export TCM_TOKEN=$(tcm token create --role admin)")
    .action(async ({ role, ...store }: TokenOptions) => {
      context.terminal.out(`${await createToken(storeLocation(store, context), role)}\n`);
    });
}
