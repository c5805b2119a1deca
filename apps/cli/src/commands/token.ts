import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { roles } from "@tcm/api-contract";
import { tokenMain } from "@tcm/control-plane";
import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { exitCode } from "../output/exit-code.ts";
import { dataDirectory, databaseUrl, defaultData } from "../start/start-options.ts";

type TokenOptions = { readonly role: string; readonly data?: string; readonly database?: string };

type StoreLocation = { readonly data: string; readonly database: string | undefined };

export function addToken(program: Command, context: CommandContext): void {
  const token = program.command("token").summary("make API tokens").description("API tokens.");
  token
    .command("create")
    .description("Makes an API token and prints only it. Works beside a running control plane, and without one.")
    .addOption(new Option("--role <role>", "what it may do").choices(roles).makeOptionMandatory())
    .option("--data <dir>", `data directory of the store (default: TCM_DATA, else ${defaultData})`)
    .option("--database <url>", "PostgreSQL instead of the store in the directory (default: TCM_DATABASE)")
    .addHelpText("after", "\nExample:\n  export TCM_TOKEN=$(tcm token create --role admin)")
    .action(async ({ role, ...flags }: TokenOptions) => {
      const data = dataDirectory(flags.data, context.environment);
      const database = databaseUrl(flags.database, context.environment);
      context.terminal.out(`${await createToken({ data, database }, role)}\n`);
    });
}

/** In a process of its own, since the store belongs to the control plane. */
export async function createToken({ data, database }: StoreLocation, role: string): Promise<string> {
  const args = [fileURLToPath(tokenMain), "--data", data, "--role", role];
  const { TCM_DATABASE: _other, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, ...(database !== undefined && { TCM_DATABASE: database }) },
  });
  const [token, words, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code === 0) return token.trim();
  throw new CommandFailure(exitCode.usage, words.trim().replace(/^tcm: /, "") || `No token was made (code ${code}).`);
}
