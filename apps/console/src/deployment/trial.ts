import type { EdgeNodeView } from "@tcm/api-contract";
import { type Network, trialHostname } from "@tcm/core";

type Node = Pick<EdgeNodeView, "network" | "engine" | "address" | "isConnected" | "drained" | "entries">;

/** `command`: where a node is known that answers. */
export type Trial = { readonly hostname: string; readonly command: string | undefined };

/** A node says its own address, and people paste the command into a shell: nothing but a host and a port goes in. */
const hostAndPort = /^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;
/** Where it listens on every address it says none. */
const everyAddress = /^(?:0\.0\.0\.0|\[::\]):/;

/** How a client tries a set that a network serves, before any edge certificate is associated with it: at a built-in edge that has proved it. Pure. */
export function trialOf(caSetId: string, network: Network, nodes: readonly Node[]): Trial {
  const hostname = trialHostname(caSetId);
  const answering = nodes.find(
    (node) =>
      node.network === network &&
      node.engine === "built-in" &&
      node.isConnected &&
      !node.drained &&
      node.entries.some(({ entryId, state }) => entryId === `ca-set/${caSetId}` && state === "verified") &&
      hostAndPort.test(node.address) &&
      !everyAddress.test(node.address),
  );
  if (answering === undefined) return { hostname, command: undefined };
  const files = "--cacert edge-ca.pem --cert client.pem --key client.key";
  return { hostname, command: `curl ${files} --connect-to ::${answering.address} https://${hostname}/` };
}
