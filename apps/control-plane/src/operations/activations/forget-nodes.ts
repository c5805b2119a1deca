import { setImmediate as turn } from "node:timers/promises";
import { type Queries, transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";
import { percentOfActivations } from "./activation-progress.ts";

/** As long as what was deleted. docs/decisions/0016 has what a fleet of a thousand nodes makes of it. */
export const nodesKeptDays = 30;

/** Of a thousand nodes each: thirty milliseconds in the embedded store, which does nothing else meanwhile. */
const activationsAtOnce = 5;

/**
 * Forgets how far each node was in deployments that ended long ago: a row for each node and deployment is the one thing that grows with both.
 * Those that brought what is in force, and the last of each set and network, keep theirs; of the others the percentage stays.
 */
export async function forgetActivationNodes({
  store,
  clock,
}: Pick<OperationContext, "store" | "clock">): Promise<void> {
  const endedBefore = timestamp(clock() - nodesKeptDays * 86_400_000);
  // An embedded store answers at once: without a turn for the others nobody would be served until all is done.
  while ((await transaction(store, (queries) => forgetSome(queries, endedBefore))) === activationsAtOnce) await turn();
}

async function forgetSome(queries: Queries, endedBefore: string): Promise<number> {
  const inForce = queries.selectFrom("ca_set_networks").select("activation_id");
  const last = queries
    .selectFrom("activations")
    .select(({ fn }) => fn.max("id").as("id"))
    .groupBy(["ca_set_id", "network"]);
  const old = await queries
    .selectFrom("activations")
    .select(["id", "status", "final_percent"])
    .where("status", "<>", "IN_PROGRESS")
    .where("modified_at", "<", endedBefore)
    .where("final_percent", "is", null)
    .where("id", "not in", inForce)
    .where("id", "not in", last)
    .orderBy("id")
    .limit(activationsAtOnce)
    .execute();
  const percent = await percentOfActivations(queries, old);
  for (const { id } of old) {
    await queries
      .updateTable("activations")
      .set({ final_percent: percent(id) })
      .where("id", "=", id)
      .execute();
    await queries.deleteFrom("activation_nodes").where("activation_id", "=", id).execute();
  }
  return old.length;
}
