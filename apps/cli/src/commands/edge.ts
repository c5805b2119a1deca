import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addEdgeConfig } from "./edge-config.ts";
import { addEdgeLint } from "./edge-lint.ts";
import { addEdgeToken } from "./edge-token.ts";

export function addEdge(program: Command, context: CommandContext): void {
  const edge = program
    .command("edge")
    .summary("set up an edge node: its place in a network, its proxy and its agent")
    .description("Sets up edge nodes: how they join, and what the proxy and the agent beside it are configured with.");
  edge.addHelpText(
    "after",
    "\nExamples:\n  tcm edge token --network staging --engine haproxy\n  tcm edge config --engine haproxy --set partners --output /tmp/node",
  );
  edge.addHelpText("after", "  tcm edge lint --engine nginx /etc/nginx/nginx.conf");
  addEdgeToken(edge, context);
  addEdgeConfig(edge, context);
  addEdgeLint(edge, context);
}
