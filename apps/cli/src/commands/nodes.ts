import type { EdgeNodeView } from "@tcm/api-contract";
import { escapeText } from "@tcm/core";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandFailure } from "../command-failure.ts";
import { networkName } from "../deployment/network-option.ts";
import { confirm, isInteractive } from "../output/ask.ts";
import { shortDate } from "../output/date.ts";
import { exitCode } from "../output/exit-code.ts";
import { type Column, renderTable } from "../output/table.ts";
import { rejectedEntries, wordsOf } from "../status/entry-trouble.ts";
import { addServerOptions, clientOf, print, type ServerOptions } from "./server-command.ts";

export function addNodes(program: Command, context: CommandContext): void {
  const nodes = program.command("nodes").summary("list, show, drain and remove edge nodes").description("Edge nodes.");
  nodes.addHelpText("after", "\nExamples:\n  tcm nodes\n  tcm nodes show production-edge");

  addServerOptions(nodes.command("list", { isDefault: true }).description("Lists all edge nodes.")).action(
    async (options: ServerOptions) => {
      // All that a thousand nodes serve is for programs.
      const query = options.json ? {} : { entries: "drifted" };
      const body = await clientOf(options, context).call("listEdgeNodes", { query });
      print(context, options, body, () => renderNodes(body.edgeNodes) + renderRejections(body.edgeNodes));
    },
  );

  addServerOptions(nodes.command("show").description("Shows what one edge node should serve, and what it serves."))
    .argument("<node>", "id of the node")
    .action(async (nodeId: string, options: ServerOptions) => {
      const node = await clientOf(options, context).call("getEdgeNode", { params: { nodeId } });
      print(context, options, node, () => `${renderNodes([node])}\n${renderEntries(node)}`);
    });

  const addChange = (name: string, words: string, drained: boolean): void => {
    addServerOptions(nodes.command(name).description(words))
      .argument("<node>", "id of the node")
      .action(async (nodeId: string, options: ServerOptions) => {
        const client = clientOf(options, context);
        const node = await client.call("changeEdgeNode", { params: { nodeId }, body: { drained } });
        print(context, options, node, () => renderNodes([node]));
      });
  };
  addChange("drain", "Waits for a node no longer; what is under way goes on without it.", true);
  addChange("undrain", "Takes a drained node back.", false);
  addRemove(nodes, context);
}

function addRemove(nodes: Command, context: CommandContext): void {
  const command = nodes
    .command("remove")
    .description(
      "Removes a node: its certificate is void at once, its connection ends, and what is under way goes on without it. The machine keeps serving what it has until it is stopped.",
    )
    .argument("<node>", "id of the node")
    .option("--yes", "do not ask");
  addServerOptions(command).action(
    async (nodeId: string, { yes, ...options }: ServerOptions & { readonly yes?: true }) => {
      const client = clientOf(options, context);
      const node = await client.call("getEdgeNode", { params: { nodeId } });
      if (!yes && isInteractive(context.stdin) && !(await confirm(context, `Remove ${escapeText(nodeId)}?`)))
        throw new CommandFailure(exitCode.refused, "Nothing was changed.");
      await client.call("removeEdgeNode", { params: { nodeId } });
      print(context, options, node, () => `${escapeText(nodeId)} is removed. A join token would take it back.\n`);
    },
  );
}

const columns: readonly Column<EdgeNodeView>[] = [
  { title: "NODE", value: ({ nodeId }) => nodeId },
  { title: "NETWORK", value: ({ network }) => networkName[network] },
  { title: "ENGINE", value: ({ engine, engineVersion }) => `${engine} ${engineVersion}`.trimEnd() },
  { title: "ADDRESS", value: ({ address }) => address || "-" },
  { title: "CONNECTED", value: ({ isConnected }) => (isConnected ? "yes" : "no") },
  { title: "LAST SEEN", value: ({ lastSeenDate }) => shortDate(lastSeenDate) },
  { title: "CERTIFICATE UNTIL", value: ({ certificateExpiryDate }) => shortDate(certificateExpiryDate) },
  { title: "STATE", value: stateOf },
];

export function renderNodes(nodes: readonly EdgeNodeView[]): string {
  return renderTable(nodes, columns, "No edge node.");
}

function stateOf(node: EdgeNodeView): string {
  const { drained, isDrifted, isCertificateExpired } = node;
  if (isCertificateExpired) return "certificate ran out: make a join token";
  if (drained) return "drained";
  const rejected = rejectedEntries(node);
  if (rejected.length > 0) return `${rejected.length} rejected`;
  return isDrifted ? "drifted" : "as expected";
}

/** Below the table, since words of engines are long; nothing when nothing was rejected. */
function renderRejections(nodes: readonly EdgeNodeView[]): string {
  const lines = nodes.flatMap((node) =>
    rejectedEntries(node).map((entry) =>
      escapeText(`${node.nodeId} rejects ${entry.entryId}: ${wordsOf(entry) || "no reason given"}`),
    ),
  );
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}

const entryColumns: readonly Column<EdgeNodeView["entries"][number]>[] = [
  { title: "ENTRY", value: ({ entryId }) => entryId },
  { title: "EXPECTED", value: ({ expectedGeneration }) => expectedGeneration },
  { title: "REPORTED", value: ({ reportedGeneration }) => reportedGeneration ?? "-" },
  { title: "STATE", value: ({ state }) => state },
  { title: "DRIFTED", value: ({ isDrifted }) => (isDrifted ? "yes" : "no") },
  { title: "WORDS", value: wordsOf },
];

function renderEntries({ nodeId, entries }: EdgeNodeView): string {
  return renderTable(entries, entryColumns, `${escapeText(nodeId)} has nothing to serve yet.`);
}
