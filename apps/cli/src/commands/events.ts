import { openClient } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import { fail } from "../client/api-client.ts";
import { authorize, type ConnectionOptions, findConnection } from "../client/connection.ts";
import { readLogin } from "../client/stored-login.ts";
import type { CommandContext } from "../command-context.ts";
import { addServerOptions } from "./server-command.ts";

type EventsOptions = ConnectionOptions & { readonly after?: string; readonly json?: true };

export function addEvents(program: Command, context: CommandContext): void {
  const command = program
    .command("events")
    .summary("watch what happens, until it is stopped")
    .description("Shows deployments, nodes and edge certificates as they change, one line each, until it is stopped.")
    .option("--after <id>", "begin behind this event, which was seen already");
  addServerOptions(command)
    .addHelpText("after", "\nExamples:\n  tcm events\n  tcm events --json | jq .event.type")
    .action((options: EventsOptions) => watch(options, context));
}

async function watch(
  { after, json, ...options }: EventsOptions,
  { environment, terminal }: CommandContext,
): Promise<void> {
  const connection = findConnection(options, environment, () => readLogin(environment));
  const client = openClient({ url: connection.url, authorize: () => authorize(connection, connection.credential) });
  try {
    for await (const { id, event } of client.events(after === undefined ? {} : { after })) {
      if (json) terminal.out(`${JSON.stringify({ id, event })}\n`);
      else terminal.out(`${escapeText(`${id}  ${renderEvent(event)}`)}\n`);
    }
  } catch (error) {
    fail(connection.url)(error);
  }
}

function renderEvent({ type, ...facts }: { readonly type: string }): string {
  const words = Object.entries(facts).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [type, ...words].join("  ");
}
