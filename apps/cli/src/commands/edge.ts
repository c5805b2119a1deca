import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addEdgeConfig } from "./edge-config.ts";
import { addEdgeLint } from "./edge-lint.ts";

export function addEdge(program: Command, context: CommandContext): void {
  const edge = program
    .command("edge")
    .summary("set up an edge node: its proxy and its agent")
    .description("Sets up edge nodes: what the proxy and the agent beside it are configured with.");
  edge.addHelpText("after", "\nExamples:\n  tcm edge config --engine haproxy --set partners --output /tmp/node");
  edge.addHelpText("after", "  tcm edge lint --engine nginx /etc/nginx/nginx.conf");
  addEdgeConfig(edge, context);
  addEdgeLint(edge, context);
}
