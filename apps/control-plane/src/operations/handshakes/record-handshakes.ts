import { type HandshakeReport, maxHandshakeCount } from "@tcm/api-contract";
import { type Queries, transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import { anchorsOfSets } from "../versions/anchors-of-sets.ts";
import { addCounts } from "./add-counts.ts";
import { noteCutOff } from "./clients-cut-off.ts";
import { noteClients } from "./note-clients.ts";

export type NodeHandshakes = { readonly node: AuthenticatedNode; readonly report: HandshakeReport };

/**
 * Adds what nodes saw, many reports in one transaction. One that was taken before changes nothing, so that a node may say it again
 * until it hears that it is taken. Counts of sets that do not exist are left out, and anchors that were never in the set are not named.
 */
export async function recordHandshakes(
  { store, clock, onHandshakes }: Pick<DeploymentContext, "store" | "clock" | "onHandshakes">,
  said: readonly NodeHandshakes[],
): Promise<void> {
  const now = clock();
  const taken = await transaction(store, async (queries) => {
    const fresh = await takeFresh(queries, said, timestamp(now));
    const anchors = await anchorsOfSets(queries, fresh.flatMap(anchorsNamed));
    await addCounts(queries, fresh, anchors, now);
    await noteClients(queries, fresh, anchors, now);
    await noteCutOff(queries, fresh, anchors, now);
    return fresh;
  });
  for (const { node, report } of taken) onHandshakes?.(node.network, report);
}

function anchorsNamed({ report: { counts, clients, cutOff = [] } }: NodeHandshakes) {
  return [...counts, ...clients, ...cutOff.map(({ caSetId }) => ({ caSetId, anchor: "" }))];
}

/** Those not taken before, with the highest sequence of each node noted. A new stream is a new process: it begins again. */
async function takeFresh(
  queries: Queries,
  said: readonly NodeHandshakes[],
  at: string,
): Promise<readonly NodeHandshakes[]> {
  const nodeIds = [...new Set(said.map(({ node }) => node.nodeId))].sort();
  const rows = await queries.selectFrom("handshake_reports").selectAll().where("node_id", "in", nodeIds).execute();
  const taken = new Map(rows.map((row) => [row.node_id, row]));
  const fresh = said.filter(({ node: { nodeId }, report: { stream, sequence, lost } }) => {
    const before = taken.get(nodeId);
    if (before?.stream === stream && sequence <= before.sequence) return false;
    taken.set(nodeId, {
      node_id: nodeId,
      stream,
      sequence,
      lost: Math.min((before?.lost ?? 0) + lost, maxHandshakeCount),
      reported_at: at,
    });
    return true;
  });
  for (const nodeId of nodeIds) {
    const row = taken.get(nodeId);
    if (row === undefined) continue;
    await queries
      .insertInto("handshake_reports")
      .values(row)
      .onConflict((conflict) => conflict.column("node_id").doUpdateSet(row))
      .execute();
  }
  return fresh;
}
