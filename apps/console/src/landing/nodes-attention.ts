import type { EdgeNodeView, OverviewView } from "@tcm/api-contract";
import { conditionOf, type NodeCondition } from "../edge-nodes/node-condition.ts";
import { networkName } from "../text/network-name.ts";
import { plural } from "../text/time-text.ts";
import type { Attention, Look } from "./attention.ts";

type Troubled = Exclude<NodeCondition, "serving" | "drained">;

const troubles: Readonly<Record<Troubled, { readonly one: string; readonly many: string; readonly detail: string }>> = {
  rejecting: {
    one: "rejects what it should serve",
    many: "reject what they should serve",
    detail: "What was good before stays in place there.",
  },
  "shut-out": {
    one: "is shut out: its certificate ran out",
    many: "are shut out: their certificates ran out",
    detail: "It serves what it had last, and has to join again with a token.",
  },
  away: { one: "is not connected", many: "are not connected", detail: "It serves what it had last." },
  behind: { one: "does not serve what it should", many: "do not serve what they should", detail: "" },
};

/** More of a kind on a network are one line: a network that is away is one thing to look at. */
const toldAlone = 3;

/** Nodes that need somebody; what a running deployment is about to mend is not told. */
export function nodeAttention({ nodes, overview }: Look): readonly Attention[] {
  const running = runningEntries(overview);
  const found = (Object.keys(troubles) as Troubled[]).flatMap((condition) => {
    const troubled = nodes.filter((node) => conditionOf(node) === condition && !isUnderWay(node, condition, running));
    return [...Map.groupBy(troubled, ({ network }) => network).values()].map((same) => ({ condition, same }));
  });
  return found.flatMap(({ condition, same }) =>
    same.length <= toldAlone ? same.map((node) => alone(condition, node)) : [together(condition, same)],
  );
}

function runningEntries({ lastActivations }: OverviewView): ReadonlySet<string> {
  const running = lastActivations.filter(({ activationStatus }) => activationStatus === "IN_PROGRESS");
  return new Set(running.map(({ network, caSetId }) => `${network} ca-set/${caSetId}`));
}

function isUnderWay({ network, entries }: EdgeNodeView, condition: Troubled, running: ReadonlySet<string>): boolean {
  if (condition !== "behind") return false;
  return entries.every(({ isDrifted, entryId }) => !isDrifted || running.has(`${network} ${entryId}`));
}

function alone(condition: Troubled, { nodeId, network, entries }: EdgeNodeView): Attention {
  const { one, detail } = troubles[condition];
  const words = entries.find(({ state }) => state === "rejected")?.detail;
  return {
    key: `${condition} ${nodeId}`,
    gravity: "danger",
    title: `${nodeId} (${networkName[network].toLowerCase()}) ${one}`,
    detail: condition === "rejecting" && words ? `${words} ${detail}` : detail,
    place: { page: "edge-node", nodeId },
    action: "Look at the node",
  };
}

function together(condition: Troubled, same: readonly EdgeNodeView[]): Attention {
  const network = same[0]?.network ?? "STAGING";
  const name = networkName[network].toLowerCase();
  return {
    key: `${condition} ${network}`,
    gravity: "danger",
    title: `${plural(same.length, "edge node")} on ${name} ${troubles[condition].many}`,
    place: { page: "edge-nodes", filter: { network, state: condition } },
    action: "Look at the nodes",
  };
}
