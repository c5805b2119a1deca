import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { type Column, renderTable } from "../output/table.ts";
import { styled, type Terminal } from "../output/terminal.ts";
import { type Attention, describeNetwork, findAttention } from "../status/attention.ts";
import { type CaSetStatus, readStatus, type Status } from "../status/read-status.ts";
import { renderNodes } from "./nodes.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

export function addStatus(program: Command, context: CommandContext): void {
  const command = program
    .command("status")
    .summary("what runs where, and what needs attention")
    .description("Shows what runs where, running deployments, edge nodes, and what needs attention.");
  addServerOptions(command)
    .addHelpText("after", "\nExample:\n  tcm status")
    .action(async (options: ServerOptions) => {
      const status = await readStatus(clientOf(options, context));
      const attention = findAttention(status, context.now());
      print(context, options, { ...status, attention }, () => renderStatus(status, attention, context.terminal));
    });
}

const setColumns: readonly Column<CaSetStatus>[] = [
  { title: "CA SET", value: ({ caSet }) => caSet.caSetName },
  { title: "LATEST", value: ({ caSet }) => String(caSet.latestVersion ?? "-"), align: "right" },
  { title: "STAGING", value: (status) => describeNetwork(status, "STAGING") },
  { title: "PRODUCTION", value: (status) => describeNetwork(status, "PRODUCTION") },
];

const attentionColumns: readonly Column<Attention>[] = [
  { title: "ATTENTION", value: ({ kind }) => kind },
  { title: "WHAT", value: ({ what }) => what },
  { title: "WHY", value: ({ detail }) => detail },
];

function renderStatus(
  { caSets, edgeNodes }: Status,
  attention: readonly Attention[],
  terminal: Pick<Terminal, "colour">,
): string {
  return [
    renderTable(caSets, setColumns, "No CA set yet. Make one with: tcm upload NAME FILE"),
    renderNodes(edgeNodes),
    renderTable(attention, attentionColumns, styled(terminal, "green", "Nothing needs attention.")),
  ].join("\n");
}
