import { isDone, percentOf } from "@tcm/core";
import type { Selectable } from "kysely";
import type { ActivationsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";

type Progress = (activationId: number) => number;

type Named = Pick<Selectable<ActivationsTable>, "id" | "status" | "final_percent">;

/**
 * percentComplete of these activations, by id. Counted in the store, since each may have thousands of nodes; and of what is complete not at
 * all, since that had every node: a set that is deployed every hour has thousands of those. Nor where the nodes are forgotten.
 */
export async function percentOfActivations(queries: Queries, activations: readonly Named[]): Promise<Progress> {
  const known = new Map(activations.flatMap((one) => knownPercent(one).map((percent) => [one.id, percent] as const)));
  const ids = activations.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  const counted = ids.length === 0 ? [] : await countedNodes(queries).where("node.activation_id", "in", ids).execute();
  const percent = progressOf(counted);
  return (activationId) => known.get(activationId) ?? percent(activationId);
}

/** One number, or none. */
function knownPercent({ status, final_percent }: Named): readonly number[] {
  if (status === "COMPLETE") return [100];
  return final_percent === null ? [] : [final_percent];
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
