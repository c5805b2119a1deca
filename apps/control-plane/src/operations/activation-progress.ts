import { isDone, percentOf } from "@tcm/core";
import type { Queries } from "../store/store.ts";

/** percentComplete of every activation of a set, by id; counted in the store, since each may have thousands of nodes. */
export async function activationProgress(queries: Queries, caSetId: number): Promise<(activationId: number) => number> {
  const groups = await queries
    .selectFrom("activation_nodes as node")
    .innerJoin("activations", "activations.id", "node.activation_id")
    .select(["node.activation_id", "node.state", "node.required_level"])
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("activations.ca_set_id", "=", caSetId)
    .where("node.excluded_at", "is", null)
    .groupBy(["node.activation_id", "node.state", "node.required_level"])
    .execute();
  const byActivation = Map.groupBy(groups, ({ activation_id }) => activation_id);
  return (activationId) => {
    const nodes = byActivation.get(activationId) ?? [];
    const done = nodes.filter(({ state, required_level }) => isDone({ state, requiredLevel: required_level }));
    return percentOf(sum(done), sum(nodes));
  };
}

function sum(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}
