import type { CreateJoinTokenRequest } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { networkOf, networkOption, type NetworkWord } from "../deployment/network-option.ts";
import { shortDate } from "../output/date.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

type TokenOptions = ServerOptions & {
  readonly network: NetworkWord;
  readonly engine: CreateJoinTokenRequest["engine"];
  readonly node?: string;
  readonly expires: number;
};

export function addEdgeToken(edge: Command, context: CommandContext): void {
  const command = edge
    .command("token")
    .summary("make a join token for a node")
    .description(
      "Makes a join token and prints it: with it one machine becomes a node of the network, once. It says where the control plane is and how to tell it, so that the agent needs nothing else. Keep it as secret as a password until it is used.",
    )
    .addOption(networkOption(["staging", "production"]).makeOptionMandatory())
    .addOption(
      new Option("--engine <engine>", "what the node serves with")
        .choices(["haproxy", "nginx", "built-in"])
        .makeOptionMandatory(),
    )
    .option("--node <name>", "id of the node; one that is known joins anew (default: a new name)")
    .addOption(
      new Option("--expires <time>", "how long it is good, such as 15m or 2h, a day at most")
        .argParser(duration)
        .default(900, "15m"),
    );
  addServerOptions(command)
    .addHelpText("after", "\nExample, on the machine of the node:")
    .addHelpText("after", "  tcm-agent enrol --identity /etc/tcm-agent/identity.json --token-file join-token")
    .action(async ({ network, engine, node, expires, ...options }: TokenOptions) => {
      const wanted = { network: networkOf(network), engine, nodeId: node ?? null, expiresInSeconds: expires };
      const made = await clientOf(options, context).call("createJoinToken", { body: wanted });
      print(context, options, made, () => `${made.joinToken}\n`);
      const who = made.nodeId === null ? `a new ${engine} node` : `node ${escapeText(made.nodeId)}`;
      context.terminal.err(`For ${who} of ${network}, once, until ${shortDate(made.expiryDate)}.\n`);
    });
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

function duration(text: string): number {
  const [, count, unit = ""] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? Number.NaN);
  if (seconds >= 60 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError("Give a time from 60s to 24h, such as 15m.");
}
