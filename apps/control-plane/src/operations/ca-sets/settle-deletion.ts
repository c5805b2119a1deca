import { type ActivationDecision, decideActivation } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { type DeletionRow, deletionNodes, deletionRows } from "./ca-set-deletion-row.ts";
import { type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { recordActivity } from "../history/record-activity.ts";

/**
 * Ends the deletion of a set where it has come to its end: on each network once its nodes have proved the withdrawal or the
 * deadline has passed, and as a whole when both have ended. Otherwise does nothing. In the transaction of what may have ended it.
 */
export async function settleDeletion(
  queries: Queries,
  { clock }: Pick<DeploymentContext, "clock">,
  caSetId: number,
): Promise<void> {
  const rows = await deletionRows(queries, caSetId);
  const running = rows.filter(({ status }) => status === "IN_PROGRESS");
  if (running.length === 0) return;
  const at = timestamp(clock());
  for (const row of running) await settleNetwork(queries, row, await decide(queries, row, clock()), at);
  await settleSet(queries, caSetId, at);
}

/** Like the deactivation of what nobody uses: it only takes trust away, so that nothing is ever put back. */
async function decide(queries: Queries, row: DeletionRow, now: number): Promise<ActivationDecision> {
  if (row.generation === null) return { next: "complete" };
  const withdrawal = {
    type: "DEACTIVATE",
    network: row.network,
    status: "IN_PROGRESS",
    deadline: Date.parse(row.deadline_at),
    removesTrustOnly: true,
  } as const;
  return decideActivation(withdrawal, await deletionNodes(queries, row), now);
}

async function settleNetwork(
  queries: Queries,
  { ca_set_id, network, created_by }: DeletionRow,
  decision: ActivationDecision,
  at: string,
): Promise<void> {
  if (decision.next === "wait") return;
  const isComplete = decision.next === "complete";
  await queries
    .updateTable("ca_set_deletions")
    .set({
      status: isComplete ? "COMPLETE" : "FAILED",
      failure_reason: isComplete ? null : decision.reason,
      ended_at: at,
    })
    .where("ca_set_id", "=", ca_set_id)
    .where("network", "=", network)
    .execute();
  if (isComplete)
    await recordActivity(queries, { caSetId: ca_set_id, type: "DELETE_CA_SET", network, at, by: created_by });
}

/** A set whose deletion failed is a set again: nothing of it is active, and it can be deleted once more. */
async function settleSet(queries: Queries, caSetId: number, at: string): Promise<void> {
  const rows = await deletionRows(queries, caSetId);
  if (rows.some(({ status }) => status === "IN_PROGRESS")) return;
  const isDeleted = rows.every(({ status }) => status === "COMPLETE");
  const changes = isDeleted
    ? ({ status: "DELETED", deleted_at: at, deleted_by: rows[0]?.created_by ?? null } as const)
    : ({ status: "NOT_DELETED", removal_at: null } as const);
  await queries
    .updateTable("ca_sets")
    .set({ ...changes, modified_at: at })
    .where("id", "=", caSetId)
    .execute();
}

/** Ends what has passed its deadline, and what a crash or a drained node left behind. */
export async function settleDeletions(context: DeploymentContext): Promise<void> {
  for (const id of await setsBeingDeleted(context.store.db))
    await deploymentTransaction(context, (queries) => settleDeletion(queries, context, id));
}

export async function setsBeingDeleted(queries: Queries): Promise<readonly number[]> {
  const running = await queries
    .selectFrom("ca_set_deletions")
    .select("ca_set_id")
    .distinct()
    .where("status", "=", "IN_PROGRESS")
    .execute();
  return running.map(({ ca_set_id }) => ca_set_id);
}
