import { setImmediate } from "node:timers/promises";
import type { EdgeNodeView } from "@tcm/api-contract";
import {
  compareGenerations,
  formatGeneration,
  type ManifestEntry,
  type Network,
  networks,
  type Outcome,
} from "@tcm/core";
import type { Selectable } from "kysely";
import { entryFor, readPilotEntries } from "../../manifest/pilot-entries.ts";
import { readEntries } from "../../manifest/read-entries.ts";
import type { Queries } from "../../store/store.ts";
import type { EdgeNodesTable, NodeEntriesTable } from "../../store/node-tables.ts";
import { timestamp } from "../actor.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import { done, type Refusal, refuse } from "../refuse.ts";

type NodeRow = Selectable<EdgeNodesTable>;
type NodeEntryRow = Selectable<NodeEntriesTable>;

/** A thousand nodes of two hundred sets have two hundred thousand entries: one read of them all would hold up everybody. */
const nodesAtOnce = 16;

/**
 * Every enrolled node with what it should serve and what it says that it serves; by network, then id; some at a time. Of its entries
 * `wanted` are `all`, those `drifted`, or the one of an id.
 */
export async function* listEdgeNodes(context: DeploymentContext, wanted: string): AsyncGenerator<EdgeNodeView> {
  const { db } = context.store;
  for (const network of networks) {
    const expected = await expectedOf(db, network);
    const nodes = await db.selectFrom("edge_nodes").selectAll().where("network", "=", network).orderBy("id").execute();
    for (let from = 0; from < nodes.length; from += nodesAtOnce) {
      const some = nodes.slice(from, from + nodesAtOnce);
      const reported = await reportsOf(db, some);
      for (const node of some) {
        const { entries, ...view } = present(context, node, expected(node.id), reported.get(node.id) ?? []);
        yield { ...view, entries: entries.filter((entry) => isWanted(entry, wanted)) };
      }
      await setImmediate();
    }
  }
}

function isWanted({ entryId, isDrifted }: EdgeNodeView["entries"][number], wanted: string): boolean {
  return wanted === "all" || (wanted === "drifted" ? isDrifted : entryId === wanted);
}

async function reportsOf(queries: Queries, nodes: readonly NodeRow[]): Promise<ReadonlyMap<string, NodeEntryRow[]>> {
  const ids = nodes.map(({ id }) => id);
  const rows = await queries.selectFrom("node_entries").selectAll().where("node_id", "in", ids).execute();
  return Map.groupBy(rows, ({ node_id }) => node_id);
}

export async function getEdgeNode(context: DeploymentContext, nodeId: string): Promise<Outcome<EdgeNodeView>> {
  const { db } = context.store;
  const node = await db.selectFrom("edge_nodes").selectAll().where("id", "=", nodeId).executeTakeFirst();
  if (node === undefined) return nodeNotFound(nodeId);
  const reported = await db.selectFrom("node_entries").selectAll().where("node_id", "=", nodeId).execute();
  const expected = await expectedOf(db, node.network);
  return done(present(context, node, expected(node.id), reported));
}

/** What each node of a network is told. */
async function expectedOf(queries: Queries, network: Network): Promise<(nodeId: string) => readonly ManifestEntry[]> {
  const entries = await readEntries(queries, network);
  const pilots = new Map((await readPilotEntries(queries, network)).map((pilot) => [pilot.entry.entryId, pilot]));
  return (nodeId) => entries.map((entry) => entryFor(nodeId, entry, pilots.get(entry.entryId)));
}

export function nodeNotFound(nodeId: string): Refusal {
  const detail = `There is no edge node ${JSON.stringify(nodeId)}.`;
  return refuse("edge-node-not-found", detail, { contextInfo: { nodeId } });
}

function present(
  context: DeploymentContext,
  node: NodeRow,
  expected: readonly ManifestEntry[],
  reported: readonly NodeEntryRow[],
): EdgeNodeView {
  const byEntry = new Map(reported.map((row) => [row.entry_id, row]));
  const entries = expected.map((entry) => presentEntry(node, entry, byEntry.get(entry.entryId)));
  return {
    nodeId: node.id,
    network: node.network,
    engine: node.engine,
    engineVersion: node.engine_version,
    highestLevel: node.highest_level,
    address: node.address,
    isConnected: isConnected(context, node),
    lastSeenDate: node.last_seen_at,
    drained: node.drained_at !== null,
    certificateExpiryDate: node.certificate_not_after,
    isCertificateExpired: isCertificateExpired(context, node),
    clockSkewSeconds: node.clock_skew_seconds,
    isDrifted: entries.some(({ view }) => view.isDrifted),
    entries: entries.filter(({ isForgotten }) => !isForgotten).map(({ view }) => view),
  };
}

/** It cannot connect until it joins anew, and nothing waits for it. */
function isCertificateExpired({ clock }: DeploymentContext, { certificate_not_after }: NodeRow): boolean {
  return certificate_not_after !== null && certificate_not_after < timestamp(clock());
}

/** To any process on the store. One that died hard said no goodbye, but hears nothing of its nodes either. */
export function isConnected(
  { fleet, clock, controlPlaneId, contactWithinMs }: DeploymentContext,
  node: NodeRow,
): boolean {
  if (fleet.isConnected(node.id)) return true;
  if (node.connected_to === null || node.connected_to === controlPlaneId || node.last_seen_at === null) return false;
  return clock() - Date.parse(node.last_seen_at) <= contactWithinMs;
}

function presentEntry(
  { highest_level }: NodeRow,
  { entryId, generation, content }: ManifestEntry,
  row: NodeEntryRow | undefined,
) {
  const reported = row === undefined ? undefined : { epoch: row.epoch, number: row.generation };
  const isCurrent = reported !== undefined && compareGenerations(reported, generation) === 0;
  const isProved =
    isCurrent && (row?.state === "verified" || (row?.state === "applied" && highest_level === "applied"));
  // A node that never heard of an entry does not serve it: nothing is left to withdraw.
  const isGone = content === null && row === undefined;
  const isDrifted = !isProved && !isGone;
  const view = {
    entryId,
    expectedGeneration: formatGeneration(generation),
    reportedGeneration: reported === undefined ? null : formatGeneration(reported),
    state: row?.state ?? ("unknown" as const),
    code: row?.code ?? null,
    detail: row?.detail ?? null,
    isDrifted,
  };
  // What was withdrawn and is gone from the node is of no interest any more.
  return { view, isForgotten: content === null && !isDrifted };
}
