import type { JoinTokenView } from "@tcm/api-contract";

export type JoinCommand = { readonly what: string; readonly command: string };

/** What is left to do on the node's machine once there is a token. `setName`: one that its listener uses, for example. Pure. */
export function joinCommands(
  { engine, network }: Pick<JoinTokenView, "engine" | "network">,
  setName: string,
): readonly JoinCommand[] {
  return [
    {
      what: `Print what the ${engine} node is set up with, where the command line is, and copy both files to the node`,
      command: `tcm edge config --engine ${engine} --set ${setName} --output node/`,
    },
    {
      what: "On the node: write the token into a file of its own, and let the agent join, once",
      command: "tcm-agent enrol --identity /var/lib/tcm-agent/identity.json --token-file join-token",
    },
    {
      what: `Start the agent, then the proxy. The node appears among the edge nodes of ${network.toLowerCase()}`,
      command: "systemctl enable --now tcm-agent",
    },
  ];
}
