import type { EntryReport, NodeMessage } from "@tcm/api-contract";
import { compareGenerations } from "@tcm/core";
import { type Queries } from "../store/store.ts";
import { timestamp } from "./actor.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "./deployment-context.ts";
import type { AuthenticatedNode } from "./enrol-node.ts";
import { settleActivation } from "./settle-activation.ts";

export type NodeReport = { readonly node: AuthenticatedNode; readonly report: EntryReport };
export type Hello = Extract<NodeMessage, { type: "hello" }>;

/** Writes what nodes say of their entries, many in one transaction, and ends the activations that this brings to their end. */
export async function recordReports(context: DeploymentContext, reports: readonly NodeReport[]): Promise<void> {
  const at = timestamp(context.clock());
  await deploymentTransaction(context, async (queries, announce) => {
    const touched = new Set<number>();
    for (const { node, report } of reports) {
      await storeReport(queries, node, report, at);
      const activationId = await advance(queries, node, report, at);
      if (activationId !== undefined) touched.add(activationId);
    }
    await settleAll(queries, announce, context, touched);
  });
}

/** A node's account of itself at the start of a session replaces all that was known of its entries. */
export async function recordHello(context: DeploymentContext, node: AuthenticatedNode, hello: Hello): Promise<void> {
  const at = timestamp(context.clock());
  const { engine, engineVersion, highestLevel, address, entries } = hello;
  await deploymentTransaction(context, async (queries, announce) => {
    await queries
      .updateTable("edge_nodes")
      .set({ engine, engine_version: engineVersion, highest_level: highestLevel, address, last_seen_at: at })
      .where("id", "=", node.nodeId)
      .execute();
    await queries.deleteFrom("node_entries").where("node_id", "=", node.nodeId).execute();
    const touched = new Set<number>();
    for (const report of entries) {
      await storeReport(queries, node, report, at);
      const activationId = await advance(queries, node, report, at);
      if (activationId !== undefined) touched.add(activationId);
    }
    await settleAll(queries, announce, context, touched);
  });
}

export async function recordSeen({ store, clock }: DeploymentContext, nodeIds: readonly string[]): Promise<void> {
  if (nodeIds.length === 0) return;
  await store.db
    .updateTable("edge_nodes")
    .set({ last_seen_at: timestamp(clock()) })
    .where("id", "in", nodeIds)
    .execute();
}

async function settleAll(
  queries: Queries,
  announce: Announce,
  context: DeploymentContext,
  activationIds: Iterable<number>,
): Promise<void> {
  for (const id of activationIds) await settleActivation(queries, announce, context, id);
}

/** A report of an older generation than the one known came late and says nothing any more. */
async function storeReport(
  queries: Queries,
  { nodeId }: AuthenticatedNode,
  { entryId, generation, digest, state, rejection, detail }: EntryReport,
  at: string,
): Promise<void> {
  const known = await queries
    .selectFrom("node_entries")
    .select(["epoch", "generation"])
    .where("node_id", "=", nodeId)
    .where("entry_id", "=", entryId)
    .executeTakeFirst();
  if (known !== undefined && compareGenerations(generation, { epoch: known.epoch, number: known.generation }) < 0)
    return;
  const values = {
    epoch: generation.epoch,
    generation: generation.number,
    digest,
    state,
    code: rejection?.code ?? null,
    detail: rejection?.detail ?? detail ?? null,
    updated_at: at,
  };
  await queries
    .insertInto("node_entries")
    .values({ node_id: nodeId, entry_id: entryId, ...values })
    .onConflict((conflict) => conflict.columns(["node_id", "entry_id"]).doUpdateSet(values))
    .execute();
}

/** Moves the node on in the running activation that wrote this very generation; answers which that is. */
async function advance(
  queries: Queries,
  { nodeId, network }: AuthenticatedNode,
  { entryId, generation, state, rejection, detail }: EntryReport,
  at: string,
): Promise<number | undefined> {
  const caSetId = /^ca-set\/(\d+)$/.exec(entryId)?.[1];
  if (caSetId === undefined) return undefined;
  const activation = await queries
    .selectFrom("activations")
    .select("id")
    .where("ca_set_id", "=", Number(caSetId))
    .where("network", "=", network)
    .where("status", "=", "IN_PROGRESS")
    .where("epoch", "=", generation.epoch)
    .where("generation", "=", generation.number)
    .executeTakeFirst();
  if (activation === undefined) return undefined;
  const changes = { state, code: rejection?.code ?? null, detail: rejection?.detail ?? detail ?? null, updated_at: at };
  const { numUpdatedRows } = await queries
    .updateTable("activation_nodes")
    .set(changes)
    .where("activation_id", "=", activation.id)
    .where("node_id", "=", nodeId)
    .executeTakeFirst();
  return numUpdatedRows === 0n ? undefined : activation.id;
}
