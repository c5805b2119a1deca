import type { Command } from "commander";
import { type ApiClient, apiClient } from "../client/api-client.ts";
import { findConnection, type ServerOptions } from "../client/connection.ts";
import { readLogin } from "../client/stored-login.ts";
import type { CommandContext } from "../command-context.ts";

export type { ServerOptions };

export function addServerOptions(command: Command): Command {
  return command
    .option("--url <url>", "address of the control plane (default: TCM_URL, else http://127.0.0.1:7300)")
    .option("--token <token>", "API token (default: TCM_TOKEN, which other users cannot see, else tcm login)")
    .option("--json", "print the API's own answer");
}

export function clientOf(options: ServerOptions, { environment }: Pick<CommandContext, "environment">): ApiClient {
  return apiClient(findConnection(options, environment, () => readLogin(environment)));
}

/** The API's body for programs, or words for people. */
export function print(
  { terminal }: CommandContext,
  { json }: ServerOptions,
  body: unknown,
  render: () => string,
): void {
  terminal.out(json === true ? `${JSON.stringify(body, null, 2)}\n` : render());
}
