import { isDone, percentOf } from "@tcm/core";
import type { Selectable } from "kysely";
import type { ActivationsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";

type Progress = (activationId: number) => number;

type Named = Pick<Selectable<ActivationsTable>, "id" | "status">;

/**
 * percentComplete of these activations, by id. Counted in the store, since each may have thousands of nodes; and of what is complete not at
 * all, since that had every node: a set that is deployed every hour has thousands of those.
 */
export async function percentOfActivations(queries: Queries, activations: readonly Named[]): Promise<Progress> {
  const complete = new Set(activations.filter(({ status }) => status === "COMPLETE").map(({ id }) => id));
  const ids = activations.filter(({ id }) => !complete.has(id)).map(({ id }) => id);
  const counted = ids.length === 0 ? [] : await countedNodes(queries).where("node.activation_id", "in", ids).execute();
  const percent = progressOf(counted);
  return (activationId) => (complete.has(activationId) ? 100 : percent(activationId));
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
