import { setImmediate as turn } from "node:timers/promises";
import { type Queries, transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";
import { percentOfActivations } from "./activation-progress.ts";

/** As long as what was deleted. docs/decisions/0016 has what a fleet of a thousand nodes makes of it. */
export const nodesKeptDays = 30;

/** Every ten minutes twenty times what two hundred sets make that are deployed daily on both networks; a stop waits two seconds for them. */
const mostAtOnce = 50;

/**
 * Forgets how far each node was in deployments that ended long ago: a row for each node and deployment is the one thing that grows with both.
 * Those that brought what is in force, and the last of each set and network, keep theirs; of the others the percentage stays.
 * The oldest first, and `atMost` so many: the rest the next time.
 */
export async function forgetActivationNodes(
  { store, clock }: Pick<OperationContext, "store" | "clock">,
  atMost = mostAtOnce,
): Promise<void> {
  const endedBefore = timestamp(clock() - nodesKeptDays * 86_400_000);
  // One of a thousand nodes takes the embedded store some forty milliseconds, in which nobody else is served: each has its own turn.
  for (let left = atMost; left > 0; left--) {
    if (!(await transaction(store, (queries) => forgetNext(queries, endedBefore)))) return;
    await turn();
  }
}

/** False: there is none left. */
async function forgetNext(queries: Queries, endedBefore: string): Promise<boolean> {
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
    .limit(1)
    .executeTakeFirst();
  if (old === undefined) return false;
  const percent = await percentOfActivations(queries, [old]);
  await queries
    .updateTable("activations")
    .set({ final_percent: percent(old.id) })
    .where("id", "=", old.id)
    .execute();
  await queries.deleteFrom("activation_nodes").where("activation_id", "=", old.id).execute();
  return true;
}
