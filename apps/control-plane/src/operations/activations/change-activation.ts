import type { ActivationNodesView, ActivationView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { type Actor, timestamp } from "../actor.ts";
import { findPilot } from "./activation-pilot.ts";
import {
  type ActivationIds,
  type ActivationRow,
  activationNodeRows,
  findActivation,
  presentActivationNodes,
  viewActivation,
} from "./activation-row.ts";
import { type CaSetRow, findLivingCaSet } from "../ca-sets/ca-set-row.ts";
import { type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import { recordActivity } from "../history/record-activity.ts";
import { done, type Refusal, refuse } from "../refuse.ts";
import { refuseDeployment } from "../refuse-missing-right.ts";
import { restorePrevious } from "./restore-previous.ts";
import { endActivation, settleActivation } from "./settle-activation.ts";

/** Ends a running activation and deploys again what was there before: an operator's word, hence also for a removal. */
export async function cancelActivation(
  context: DeploymentContext,
  actor: Actor,
  ids: ActivationIds,
): Promise<Outcome<ActivationView>> {
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<ActivationView>> => {
    const found = await findRunning(queries, actor, ids);
    if (!found.ok) return found;
    const { caSet, row } = found.value;
    const at = timestamp(context.clock());
    await restorePrevious(queries, announce, row, at);
    const reason = `Cancelled by ${actor.name}. The previous content is being deployed again.`;
    await endActivation(queries, announce, row, { status: "FAILED", reason, at, by: actor.name });
    const { network, version } = row;
    await recordActivity(queries, {
      caSetId: caSet.id,
      type: "CANCEL_ACTIVATION",
      network,
      version,
      at,
      by: actor.name,
    });
    const ended = await findActivation(queries, caSet, ids);
    if (!ended.ok) return ended;
    return done(await viewActivation(queries, caSet, ended.value));
  });
}

/** Takes a node out of the count, on the record. It still gets what the network serves when it comes back. */
export async function excludeNode(
  context: DeploymentContext,
  actor: Actor,
  ids: ActivationIds,
  nodeId: string,
): Promise<Outcome<ActivationNodesView>> {
  return deploymentTransaction(context, async (queries, announce): Promise<Outcome<ActivationNodesView>> => {
    const found = await findRunning(queries, actor, ids);
    if (!found.ok) return found;
    const { caSet, row } = found.value;
    const at = timestamp(context.clock());
    const { numUpdatedRows } = await queries
      .updateTable("activation_nodes")
      .set((eb) => ({
        excluded_at: eb.fn.coalesce("excluded_at", eb.val(at)),
        excluded_by: eb.fn.coalesce("excluded_by", eb.val(actor.name)),
      }))
      .where("activation_id", "=", row.id)
      .where("node_id", "=", nodeId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return refuseUnknownNode(caSet, row, nodeId);
    const { network, version } = row;
    await recordActivity(queries, { caSetId: caSet.id, type: "EXCLUDE_NODE", network, version, at, by: actor.name });
    await settleActivation(queries, announce, context, row.id);
    return done(presentActivationNodes(await activationNodeRows(queries, row.id), await findPilot(queries, row.id)));
  });
}

async function findRunning(
  queries: Queries,
  actor: Actor,
  ids: ActivationIds,
): Promise<Outcome<{ readonly caSet: CaSetRow; readonly row: ActivationRow }>> {
  const caSet = await findLivingCaSet(queries, ids.caSetId);
  if (!caSet.ok) return caSet;
  const row = await findActivation(queries, caSet.value, ids);
  if (!row.ok) return row;
  const missing = refuseDeployment(actor, row.value.network);
  if (missing !== undefined) return missing;
  if (row.value.status !== "IN_PROGRESS") return refuseEnded(caSet.value, row.value);
  return done({ caSet: caSet.value, row: row.value });
}

function refuseEnded(caSet: CaSetRow, { id, status, version }: ActivationRow): Refusal {
  const contextInfo = {
    activationId: id,
    activationStatus: status,
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    version,
  };
  return refuse("activation-already-ended", `Activation ${id} is ${status} and cannot change any more.`, {
    contextInfo,
  });
}

function refuseUnknownNode(caSet: CaSetRow, { id, version }: ActivationRow, nodeId: string): Refusal {
  const contextInfo = { activationId: id, caSetId: String(caSet.id), caSetName: caSet.name, version, nodeId };
  return refuse("activation-node-not-found", `Activation ${id} expects no node ${nodeId}. See its list of nodes.`, {
    contextInfo,
  });
}
