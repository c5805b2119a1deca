import type { EdgeNodeView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import { conditionOf, type NodeCondition, nodeConditions, isStale } from "./node-condition.ts";

/** `stale`: away for a day or more, whatever else is known of it. */
export type NodeState = NodeCondition | "stale";

/** What the address of the list asks for. What is left out asks for everything. */
export type NodeFilter = {
  readonly words?: string;
  readonly network?: Network;
  readonly engine?: string;
  readonly state?: NodeState;
};

export const nodeStates: readonly NodeState[] = [...nodeConditions, "stale"];

/** What is no filter is left out: an old link shows more, and not nothing. Pure. */
export function readNodeFilter({ words, network, engine, state }: Record<string, unknown>): NodeFilter {
  const known = nodeStates.find((one) => one === state);
  return {
    ...(typeof words === "string" && words !== "" && { words }),
    ...((network === "STAGING" || network === "PRODUCTION") && { network }),
    ...(typeof engine === "string" && engine !== "" && { engine }),
    ...(known !== undefined && { state: known }),
  };
}

/** The nodes that fit; those that need somebody first. Pure. */
export function nodeRows(nodes: readonly EdgeNodeView[], filter: NodeFilter, nowMs: number): readonly EdgeNodeView[] {
  const wanted = filter.words?.trim().toLowerCase() ?? "";
  return nodes
    .filter((node) => filter.network === undefined || node.network === filter.network)
    .filter((node) => filter.engine === undefined || node.engine === filter.engine)
    .filter((node) => filter.state === undefined || isIn(filter.state, node, nowMs))
    .filter((node) => searched(node).includes(wanted))
    .map((node) => ({ node, urgency: nodeConditions.indexOf(conditionOf(node)) }))
    .toSorted((a, b) => a.urgency - b.urgency || compare(a.node.nodeId, b.node.nodeId))
    .map(({ node }) => node);
}

function searched({ nodeId, network, engine, address }: EdgeNodeView): string {
  return `${nodeId} ${network} ${engine} ${address}`.toLowerCase();
}

/** `localeCompare` of a thousand names takes long enough to be felt while typing; edge-10 comes behind edge-9. */
const { compare } = new Intl.Collator("en", { numeric: true });

function isIn(state: NodeState, node: EdgeNodeView, nowMs: number): boolean {
  return state === "stale" ? isStale(node, nowMs) : conditionOf(node) === state;
}

/** Those that there are, by name. Pure. */
export function enginesOf(nodes: readonly EdgeNodeView[]): readonly string[] {
  return [...new Set(nodes.map(({ engine }) => engine))].toSorted(compare);
}
