import { decideActivation } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { findPilot, type PilotRow } from "./activation-pilot.ts";
import { type ActivationRow, activationNodeRows, expectedNode, toActivation } from "./activation-row.ts";
import { advancePilot, type Ending, type PilotContext } from "./advance-pilot.ts";
import type { Announce, EndedActivation } from "../deployment-context.ts";
import { activationLink } from "../link.ts";
import { recordEvent } from "../history/record-event.ts";
import { restorePrevious } from "./restore-previous.ts";

/**
 * Ends a running activation if it has come to its end; otherwise does nothing. In the transaction of whatever may have ended
 * it, and on a row that is still running, so that every activation ends once, also when the process died on the way.
 */
export async function settleActivation(
  queries: Queries,
  announce: Announce,
  context: PilotContext,
  activationId: number,
): Promise<void> {
  const row = await queries
    .selectFrom("activations")
    .selectAll()
    .where("id", "=", activationId)
    .where("status", "=", "IN_PROGRESS")
    .executeTakeFirst();
  if (row === undefined) return;
  const now = context.clock();
  const pilot = await findPilot(queries, row.id);
  if (pilot !== undefined) return settlePiloted(queries, announce, context, row, pilot);
  if (Date.parse(row.deadline_at) > now && (await isWaiting(queries, row.id)))
    return recordActivationEvent(queries, row, timestamp(now));
  const nodes = (await activationNodeRows(queries, row.id)).map(expectedNode);
  await carryOut(queries, announce, row, decideActivation(toActivation(row), nodes, now), timestamp(now));
}

async function settlePiloted(
  queries: Queries,
  announce: Announce,
  context: PilotContext,
  begun: ActivationRow,
  pilot: PilotRow,
): Promise<void> {
  const { row, decision } = await advancePilot(queries, announce, context, begun, pilot);
  const at = timestamp(context.clock());
  if (decision.next === "wait") return recordActivationEvent(queries, row, at);
  return carryOut(queries, announce, row, decision, at);
}

/**
 * Whether a node is behind and none has rejected it: before the deadline that is "wait" whatever else the nodes say, and a
 * thousand of them need not be read to find out. The decision itself stays with `decideActivation`.
 */
async function isWaiting(queries: Queries, activationId: number): Promise<boolean> {
  const counted = queries
    .selectFrom("activation_nodes")
    .select("node_id")
    .where("activation_id", "=", activationId)
    .where("excluded_at", "is", null);
  const rejecting = await counted.where("state", "=", "rejected").limit(1).executeTakeFirst();
  if (rejecting !== undefined) return false;
  const behind = await counted.where("state", "in", ["expected", "delivered"]).limit(1).executeTakeFirst();
  return behind !== undefined;
}

async function carryOut(
  queries: Queries,
  announce: Announce,
  row: ActivationRow,
  decision: Ending,
  at: string,
): Promise<void> {
  switch (decision.next) {
    case "wait":
      return;
    case "complete":
      await putInForce(queries, row);
      return endActivation(queries, announce, row, { status: "COMPLETE", reason: null, at, by: null });
    case "fail-and-keep":
      await putInForce(queries, row);
      return endActivation(queries, announce, row, { status: "FAILED", reason: decision.reason, at, by: null });
    case "fail-and-restore":
      await restorePrevious(queries, announce, row, at);
      return endActivation(queries, announce, row, { status: "FAILED", reason: decision.reason, at, by: null });
    case "fail-and-stop":
      // The version in force stays that of the network; the first node keeps an entry of its own until the next one.
      return endActivation(queries, announce, row, { status: "FAILED", reason: decision.reason, at, by: null });
  }
}

/** The version becomes the network's, or stops being it. */
async function putInForce(queries: Queries, row: ActivationRow): Promise<void> {
  const { ca_set_id, network, version, type, id } = row;
  if (type === "DEACTIVATE") {
    await queries
      .deleteFrom("ca_set_networks")
      .where("ca_set_id", "=", ca_set_id)
      .where("network", "=", network)
      .execute();
    return;
  }
  const values = { active_version: version, activation_id: id };
  await queries
    .insertInto("ca_set_networks")
    .values({ ca_set_id, network, ...values })
    .onConflict((conflict) => conflict.columns(["ca_set_id", "network"]).doUpdateSet(values))
    .execute();
}

export type ActivationEnd = {
  readonly status: "COMPLETE" | "FAILED";
  readonly reason: string | null;
  readonly at: string;
  /** Who ended it; null when it ended by itself. */
  readonly by: string | null;
};

export async function endActivation(
  queries: Queries,
  announce: Announce,
  row: ActivationRow,
  end: ActivationEnd,
): Promise<void> {
  const { numUpdatedRows } = await queries
    .updateTable("activations")
    .set({
      status: end.status,
      failure_reason: end.reason,
      modified_at: end.at,
      modified_by: end.by ?? row.created_by,
    })
    .where("id", "=", row.id)
    .where("status", "=", "IN_PROGRESS")
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`activation ${row.id} has ended already`);
  await queries.updateTable("ca_sets").set({ modified_at: end.at }).where("id", "=", row.ca_set_id).execute();
  await recordActivationEvent(queries, { ...row, status: end.status }, end.at);
  announce(endedActivation(row, end));
}

function endedActivation(row: ActivationRow, { status, at, by }: ActivationEnd): EndedActivation {
  const { id: activationId, ca_set_id: caSetId, version, network, type, created_at } = row;
  // The clock may have been put back meanwhile.
  const durationMs = Math.max(0, Date.parse(at) - Date.parse(created_at));
  const outcome = by !== null ? "cancelled" : status === "COMPLETE" ? "complete" : "failed";
  return { activationId, caSetId, version, network, type, outcome, durationMs };
}

/** Watchers are told which activation to look at, and read how far it is themselves. */
function recordActivationEvent(queries: Queries, row: ActivationRow, at: string): Promise<void> {
  const { id: activationId, ca_set_id, version, network, status: activationStatus } = row;
  const link = activationLink(ca_set_id, version, activationId);
  const about = { activationId, activationLink: link, activationStatus, caSetId: String(ca_set_id), version, network };
  return recordEvent(queries, { type: "activation", ...about }, at);
}
