import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findPilot } from "./activation-pilot.ts";
import { considerPilot } from "./advance-pilot.ts";
import { type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { goOnWithout } from "../edge-nodes/drain-node.ts";
import { tellNodesChanged } from "./nodes-changed.ts";
import { forgetNode } from "../edge-nodes/remove-node.ts";
import { settleActivation } from "./settle-activation.ts";

/**
 * Ends what has passed its deadline, and takes those with one node first further when its time of observation is over or it does harm.
 * Called again and again, and at the start for what a crash left running.
 */
export async function settleOverdue(context: DeploymentContext): Promise<void> {
  const { db } = context.store;
  await goOnWithoutExpired(context);
  await forgetNeverSeen(context);
  const due = new Set([...(await overdue(db, timestamp(context.clock()))), ...(await duePilots(db, context))]);
  for (const id of due)
    await deploymentTransaction(context, (queries, announce) => settleActivation(queries, announce, context, id));
}

/** Who answers for what nobody did. */
const byItself: Actor = { name: "the end of its certificate", role: "admin" };

/** A node whose certificate has run out unrenewed is shut out, and proves nothing any more. */
async function goOnWithoutExpired(context: DeploymentContext): Promise<void> {
  const at = timestamp(context.clock());
  const expired = await context.store.db
    .selectFrom("activation_nodes as awaited")
    .innerJoin("activations", "activations.id", "awaited.activation_id")
    .innerJoin("edge_nodes", "edge_nodes.id", "awaited.node_id")
    .select("awaited.node_id")
    .distinct()
    .where("activations.status", "=", "IN_PROGRESS")
    .where("awaited.excluded_at", "is", null)
    .where("edge_nodes.certificate_not_after", "<", at)
    .execute();
  for (const { node_id: nodeId } of expired)
    await deploymentTransaction(context, (queries, announce) =>
      goOnWithout(queries, announce, context, byItself, { nodeId, at }),
    );
}

/** A clock may be put back. */
const ghostsStayMs = 86_400_000;

/**
 * A node that was let in, has never come, and whose certificate has run out will never come: its enrolment was cut off. Forgotten on the
 * record, unless there is a token to let it in again.
 */
async function forgetNeverSeen(context: DeploymentContext): Promise<void> {
  const before = timestamp(context.clock() - ghostsStayMs);
  if ((await neverSeen(context.store.db, before)).length === 0) return;
  // Looked for again: one may have come, or be expected anew, since.
  const isChanged = await deploymentTransaction(context, async (queries, announce) => {
    const ghosts = await neverSeen(queries, before);
    for (const { id: nodeId, network } of ghosts)
      await forgetNode(queries, announce, context, byItself, { nodeId, network });
    return ghosts.length > 0;
  });
  if (isChanged) tellNodesChanged(context.store);
}

function neverSeen(queries: Queries, before: string) {
  return queries
    .selectFrom("edge_nodes")
    .select(["id", "network"])
    .where("last_seen_at", "is", null)
    .where("certificate_not_after", "<", before)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom("join_tokens").select("token_hash").whereRef("node_id", "=", "edge_nodes.id"))),
    )
    .orderBy("id")
    .execute();
}

async function overdue(queries: Queries, now: string): Promise<readonly number[]> {
  const rows = await queries
    .selectFrom("activations")
    .select("id")
    .where("status", "=", "IN_PROGRESS")
    .where("deadline_at", "<=", now)
    .execute();
  return rows.map(({ id }) => id);
}

/** Looked at without a transaction, since most of the time there is nothing to do. */
async function duePilots(queries: Queries, context: DeploymentContext): Promise<readonly number[]> {
  const running = await queries
    .selectFrom("activations")
    .innerJoin("activation_pilots", "activation_pilots.activation_id", "activations.id")
    .selectAll("activations")
    .where("activations.status", "=", "IN_PROGRESS")
    .execute();
  const due: number[] = [];
  for (const row of running) {
    const pilot = await findPilot(queries, row.id);
    if (pilot !== undefined && (await considerPilot(queries, context, row, pilot)).next !== "wait") due.push(row.id);
  }
  return due;
}
