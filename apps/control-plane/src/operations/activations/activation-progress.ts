import { isDone, percentOf } from "@tcm/core";
import type { Queries } from "../../store/store.ts";

type Progress = (activationId: number) => number;

/** percentComplete of every activation of a set, by id; counted in the store, since each may have thousands of nodes. */
export async function activationProgress(queries: Queries, caSetId: number): Promise<Progress> {
  return progressOf(
    await countedNodes(queries)
      .innerJoin("activations", "activations.id", "node.activation_id")
      .where("activations.ca_set_id", "=", caSetId)
      .execute(),
  );
}

/** The same of those that are named. */
export async function percentOfActivations(queries: Queries, ids: readonly number[]): Promise<Progress> {
  return progressOf(
    ids.length === 0 ? [] : await countedNodes(queries).where("node.activation_id", "in", ids).execute(),
  );
}

/** By activation, state and level. */
function countedNodes(queries: Queries) {
  return queries
    .selectFrom("activation_nodes as node")
    .select(["node.activation_id", "node.state", "node.required_level"])
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("node.excluded_at", "is", null)
    .groupBy(["node.activation_id", "node.state", "node.required_level"]);
}

type Group = Awaited<ReturnType<ReturnType<typeof countedNodes>["execute"]>>[number];

function progressOf(groups: readonly Group[]): Progress {
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
