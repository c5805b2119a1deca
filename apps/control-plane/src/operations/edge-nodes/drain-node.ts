import type { EdgeNodeView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import { recordAudit } from "../../audit/record-audit.ts";
import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { getEdgeNode } from "./edge-nodes.ts";
import { recordActivity } from "../history/record-activity.ts";
import { recordEvent } from "../history/record-event.ts";
import { settleActivation } from "../activations/settle-activation.ts";
import { setsBeingDeleted, settleDeletion } from "../ca-sets/settle-deletion.ts";

/**
 * Takes a node out of every count, or back into it. A drained node still gets what its network serves, but nothing waits for its
 * proof: what is under way goes on without it, on the record.
 */
export async function drainNode(
  context: DeploymentContext,
  actor: Actor,
  nodeId: string,
  drained: boolean,
): Promise<Outcome<EdgeNodeView>> {
  const found = await getEdgeNode(context, nodeId);
  if (!found.ok || found.value.drained === drained) return found;
  await deploymentTransaction(context, async (queries, announce) => {
    const at = timestamp(context.clock());
    const changes = { drained_at: drained ? at : null };
    await queries.updateTable("edge_nodes").set(changes).where("id", "=", nodeId).execute();
    const { network } = found.value;
    const change = drained ? "drained" : "undrained";
    await recordEvent(queries, { type: "edge-node", nodeId, network, change }, at);
    const action = drained ? "DRAIN_NODE" : "UNDRAIN_NODE";
    await recordAudit(queries, { at, by: actor.name, action, subject: { nodeId, network } });
    if (drained) await goOnWithout(queries, announce, context, actor, { nodeId, at });
  });
  return getEdgeNode(context, nodeId);
}

/** What waits for the node goes on without it, on the record. */
export async function goOnWithout(
  queries: Queries,
  announce: Announce,
  context: DeploymentContext,
  actor: Actor,
  { nodeId, at }: { readonly nodeId: string; readonly at: string },
): Promise<void> {
  const running = await queries
    .selectFrom("activation_nodes")
    .innerJoin("activations", "activations.id", "activation_nodes.activation_id")
    .select(["activations.id", "activations.ca_set_id", "activations.network", "activations.version"])
    .where("activation_nodes.node_id", "=", nodeId)
    .where("activation_nodes.excluded_at", "is", null)
    .where("activations.status", "=", "IN_PROGRESS")
    .execute();
  for (const { id, ca_set_id: caSetId, network, version } of running) {
    await queries
      .updateTable("activation_nodes")
      .set({ excluded_at: at, excluded_by: actor.name })
      .where("activation_id", "=", id)
      .where("node_id", "=", nodeId)
      .execute();
    await recordActivity(queries, { caSetId, type: "EXCLUDE_NODE", network, version, at, by: actor.name });
    await settleActivation(queries, announce, context, id);
  }
  for (const caSetId of await setsBeingDeleted(queries)) await settleDeletion(queries, context, caSetId);
}
