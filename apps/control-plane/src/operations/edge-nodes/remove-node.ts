import type { Network, Outcome } from "@tcm/core";
import { recordAudit } from "../../audit/record-audit.ts";
import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { goOnWithout } from "./drain-node.ts";
import { nodeNotFound } from "./edge-nodes.ts";
import { tellNodesChanged } from "../activations/nodes-changed.ts";
import { recordEvent } from "../history/record-event.ts";
import { done } from "../refuse.ts";

/**
 * Forgets a node: its certificate is void from now on, its session ends on every process, and nothing waits for it any more, on
 * the record. It keeps serving what it has, since nobody can tell it otherwise; it may join again with a new token.
 */
export async function removeNode(context: DeploymentContext, actor: Actor, nodeId: string): Promise<Outcome<null>> {
  const outcome = await deploymentTransaction(context, async (queries, announce): Promise<Outcome<null>> => {
    const node = await queries.selectFrom("edge_nodes").select("network").where("id", "=", nodeId).executeTakeFirst();
    if (node === undefined) return nodeNotFound(nodeId);
    await forgetNode(queries, announce, context, actor, { nodeId, network: node.network });
    return done(null);
  });
  if (outcome.ok) tellNodesChanged(context.store);
  return outcome;
}

/** In the transaction that has found that it may go. */
export async function forgetNode(
  queries: Queries,
  announce: Announce,
  context: DeploymentContext,
  actor: Actor,
  { nodeId, network }: { readonly nodeId: string; readonly network: Network },
): Promise<void> {
  const at = timestamp(context.clock());
  await queries.deleteFrom("node_entries").where("node_id", "=", nodeId).execute();
  await queries.deleteFrom("join_tokens").where("node_id", "=", nodeId).execute();
  await queries.deleteFrom("ca_set_deletion_nodes").where("node_id", "=", nodeId).execute();
  await queries.deleteFrom("edge_nodes").where("id", "=", nodeId).execute();
  await recordEvent(queries, { type: "edge-node", nodeId, network, change: "removed" }, at);
  await recordAudit(queries, { at, by: actor.name, action: "REMOVE_NODE", subject: { nodeId, network } });
  await goOnWithout(queries, announce, context, actor, { nodeId, at });
}
