import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { dataDirectory, databaseUrl, defaultData } from "../start/start-options.ts";
import type { StoreLocation } from "../store/run-store-program.ts";

export type StoreOptions = { readonly data?: string; readonly database?: string };

export function addStoreOptions(command: Command): Command {
  return command
    .option("--data <dir>", `data directory of the store (default: TCM_DATA, else ${defaultData})`)
    .option("--database <url>", "PostgreSQL instead of the store in the directory (default: TCM_DATABASE)");
}

export function storeLocation({ data, database }: StoreOptions, { environment }: CommandContext): StoreLocation {
  return { data: dataDirectory(data, environment), database: databaseUrl(database, environment), environment };
}
