import { type Network, networks } from "@tcm/core";
import { timestamp } from "../operations/actor.ts";
import type { DeploymentContext } from "../operations/deployment-context.ts";
import { isConnected } from "../operations/edge-nodes/edge-nodes.ts";
import { isExpected } from "../operations/edge-nodes/expected-nodes.ts";

export type NetworkCounts = Readonly<Record<Network, number>>;
export type NodeCounts = {
  readonly expected: NetworkCounts;
  readonly connected: NetworkCounts;
  readonly drifted: NetworkCounts;
};

export async function countRunning({ store }: DeploymentContext): Promise<NetworkCounts> {
  const rows = await store.db
    .selectFrom("activations")
    .select((eb) => ["network", eb.fn.countAll<number>().as("count")])
    .where("status", "=", "IN_PROGRESS")
    .groupBy("network")
    .execute();
  return perNetwork((network) => rows.find((row) => row.network === network)?.count ?? 0);
}

/** Drained nodes are nobody's concern, nor those whose certificate has run out. */
export async function countNodes(context: DeploymentContext): Promise<NodeCounts> {
  const at = timestamp(context.clock());
  const nodes = await context.store.db.selectFrom("edge_nodes").selectAll().where(isExpected(at)).execute();
  const drifted = await driftedNodes(context);
  const count = (isCounted: (node: (typeof nodes)[number]) => boolean): NetworkCounts =>
    perNetwork((network) => nodes.filter((node) => node.network === network && isCounted(node)).length);
  return {
    expected: count(() => true),
    connected: count((node) => isConnected(context, node)),
    drifted: count(({ id }) => drifted.has(id)),
  };
}

/** As `isDrifted` of a node's view, without reading a row for every node and entry. */
async function driftedNodes({ store }: DeploymentContext): Promise<ReadonlySet<string>> {
  const rows = await store.db
    .selectFrom("edge_nodes as node")
    .select("node.id")
    .where("node.drained_at", "is", null)
    .where((from) =>
      from.exists(
        from
          .selectFrom("manifest_entries as entry")
          .leftJoin("node_entries as reported", (join) =>
            join.onRef("reported.entry_id", "=", "entry.entry_id").onRef("reported.node_id", "=", "node.id"),
          )
          .select("entry.entry_id")
          .whereRef("entry.network", "=", "node.network")
          // A node that goes first is told something of its own.
          .where((eb) =>
            eb.not(
              eb.exists(
                eb
                  .selectFrom("pilot_entries as pilot")
                  .select("pilot.node_id")
                  .whereRef("pilot.node_id", "=", "node.id")
                  .whereRef("pilot.entry_id", "=", "entry.entry_id"),
              ),
            ),
          )
          // A node that never heard of an entry has nothing of it to withdraw.
          .where((eb) => eb.or([eb("entry.content", "is not", null), eb("reported.node_id", "is not", null)]))
          .where((eb) =>
            eb.or([
              eb("reported.node_id", "is", null),
              eb("reported.epoch", "!=", eb.ref("entry.epoch")),
              eb("reported.generation", "!=", eb.ref("entry.generation")),
              eb("reported.state", "in", ["delivered", "rejected"]),
              eb.and([eb("reported.state", "=", "applied"), eb("node.highest_level", "!=", "applied")]),
            ]),
          ),
      ),
    )
    .execute();
  return new Set(rows.map(({ id }) => id));
}

function perNetwork(count: (network: Network) => number): NetworkCounts {
  return Object.fromEntries(networks.map((network) => [network, count(network)])) as NetworkCounts;
}
