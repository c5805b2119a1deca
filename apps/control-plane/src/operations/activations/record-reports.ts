import type { CaNames, EntryReport, NodeMessage } from "@tcm/api-contract";
import { compareGenerations, formatGeneration } from "@tcm/core";
import { type Queries, transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { advanceActivations } from "./advance-activations.ts";
import { believeReports } from "./believe-reports.ts";
import { type Announce, type DeploymentContext, deploymentTransaction } from "../deployment-context.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import { edgeCertificateIds } from "../link.ts";
import { recordEvent } from "../history/record-event.ts";
import { noteShownCertificate } from "../edge-nodes/renew-node.ts";
import { settleActivation } from "./settle-activation.ts";
import { settleDeletion } from "../ca-sets/settle-deletion.ts";
import { caSetIdOf } from "../versions/version-content.ts";

export type NodeReport = { readonly node: AuthenticatedNode; readonly report: EntryReport };
export type Hello = Extract<NodeMessage, { type: "hello" }>;

/** Beside its hello, in the headers of the request. */
export type SaidOfItself = {
  /** How far its clock is ahead of ours; null: it did not say. */
  readonly clockSkewSeconds: number | null;
  /** Whose CAs its own listeners name to clients; undefined: it did not say. */
  readonly sendsCaNames: CaNames | undefined;
  /** SHA-256 of the certificate that it shows; undefined where there is no connection. */
  readonly fingerprint?: string;
};

/**
 * Writes what nodes say of their entries, many in one transaction, and ends the activations that this brings to their end. Of
 * several reports about one entry of one node the last counts.
 */
export async function recordReports(context: DeploymentContext, reports: readonly NodeReport[]): Promise<void> {
  const latest = lastOfEach(reports);
  await deploymentTransaction(context, (queries, announce) => take(queries, announce, context, latest));
}

async function take(
  queries: Queries,
  announce: Announce,
  context: DeploymentContext,
  said: readonly NodeReport[],
): Promise<void> {
  const at = timestamp(context.clock());
  const reports = await believeReports(queries, await ofKnownNodes(queries, said));
  await storeReports(queries, reports, at);
  const touched = await advanceActivations(queries, reports, at);
  for (const activationId of touched) await settleActivation(queries, announce, context, activationId);
  for (const caSetId of caSetsOf(reports)) await settleDeletion(queries, context, caSetId);
  for (const id of edgeCertificatesOf(reports))
    await recordEvent(queries, { type: "edge-certificate", ...edgeCertificateIds(id), change: "reported" }, at);
}

/** A node may have been removed while its reports waited. */
async function ofKnownNodes(queries: Queries, said: readonly NodeReport[]): Promise<readonly NodeReport[]> {
  const ids = [...new Set(said.map(({ node }) => node.nodeId))];
  const known = new Set<string>();
  for (let from = 0; from < ids.length; from += 10_000) {
    const some = ids.slice(from, from + 10_000);
    const rows = await queries.selectFrom("edge_nodes").select("id").where("id", "in", some).execute();
    for (const { id } of rows) known.add(id);
  }
  return said.filter(({ node }) => known.has(node.nodeId));
}

function caSetsOf(reports: readonly NodeReport[]): ReadonlySet<number> {
  return new Set(reports.flatMap(({ report }) => caSetIdOf(report.entryId) ?? []));
}

function edgeCertificatesOf(reports: readonly NodeReport[]): ReadonlySet<number> {
  const ids = reports.map(({ report }) => /^edge-certificate\/(\d+)$/.exec(report.entryId)?.[1]);
  return new Set(ids.flatMap((id) => (id === undefined ? [] : Number(id))));
}

/** When a node's session has ended. By then the node may have opened another one, here or with another process. */
export async function recordGoodbye(context: DeploymentContext, node: AuthenticatedNode): Promise<void> {
  const { store, clock, fleet, controlPlaneId } = context;
  const { nodeId, network } = node;
  await transaction(store, async (queries) => {
    if (!fleet.isConnected(nodeId)) await forgetConnections(queries, controlPlaneId, nodeId);
    await recordEvent(queries, { type: "edge-node", nodeId, network, change: "disconnected" }, timestamp(clock()));
  });
}

/** Of one process, or of every process there ever was: none of them runs when one has the store to itself and starts. */
export async function forgetConnections(queries: Queries, controlPlaneId?: string, nodeId?: string): Promise<void> {
  const connected = queries.updateTable("edge_nodes").set({ connected_to: null }).where("connected_to", "is not", null);
  const ofProcess = controlPlaneId === undefined ? connected : connected.where("connected_to", "=", controlPlaneId);
  await (nodeId === undefined ? ofProcess : ofProcess.where("id", "=", nodeId)).execute();
}

/** A node's account of itself at the start of a session replaces all that was known of its entries. */
export async function recordHello(
  context: DeploymentContext,
  node: AuthenticatedNode,
  hello: Hello,
  { clockSkewSeconds, sendsCaNames, fingerprint }: SaidOfItself = { clockSkewSeconds: null, sendsCaNames: undefined },
): Promise<void> {
  const at = timestamp(context.clock());
  const { engine, engineVersion, highestLevel, address } = hello;
  const reports = lastOfEach(hello.entries.map((report) => ({ node, report })));
  await deploymentTransaction(context, async (queries, announce) => {
    await queries
      .updateTable("edge_nodes")
      .set({ engine, engine_version: engineVersion, highest_level: highestLevel, address, last_seen_at: at })
      .set({ connected_to: context.controlPlaneId, clock_skew_seconds: clockSkewSeconds })
      .set({ sends_ca_names: sendsCaNames === undefined ? null : JSON.stringify(sendsCaNames) })
      .where("id", "=", node.nodeId)
      .execute();
    await noteShownCertificate(queries, node.nodeId, fingerprint, at);
    await queries.deleteFrom("node_entries").where("node_id", "=", node.nodeId).execute();
    await take(queries, announce, context, reports);
    const { nodeId, network } = node;
    await recordEvent(queries, { type: "edge-node", nodeId, network, change: "connected" }, at);
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

function lastOfEach(reports: readonly NodeReport[]): readonly NodeReport[] {
  const latest = new Map<string, NodeReport>();
  for (const entry of reports) latest.set(`${entry.node.nodeId} ${entry.report.entryId} ${generationOf(entry)}`, entry);
  return [...latest.values()];
}

/** Reports about different generations are about different activations. */
function generationOf({ report }: NodeReport): string {
  return formatGeneration(report.generation);
}

/** Nine columns each; SQLite takes 32,766 values in one statement. */
const rowsAtOnce = 1_000;

/** A report of an older generation than the one known came late and says nothing any more. */
async function storeReports(queries: Queries, reports: readonly NodeReport[], at: string): Promise<void> {
  const rows = newestOfEachEntry(reports).map(({ node, report }) => ({
    node_id: node.nodeId,
    entry_id: report.entryId,
    epoch: report.generation.epoch,
    generation: report.generation.number,
    digest: report.digest,
    state: report.state,
    code: report.rejection?.code ?? null,
    detail: report.rejection?.detail ?? report.detail ?? null,
    updated_at: at,
  }));
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await queries
      .insertInto("node_entries")
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict
          .columns(["node_id", "entry_id"])
          .doUpdateSet((eb) => ({
            epoch: eb.ref("excluded.epoch"),
            generation: eb.ref("excluded.generation"),
            digest: eb.ref("excluded.digest"),
            state: eb.ref("excluded.state"),
            code: eb.ref("excluded.code"),
            detail: eb.ref("excluded.detail"),
            updated_at: eb.ref("excluded.updated_at"),
          }))
          .where((eb) =>
            eb.or([
              eb("excluded.epoch", ">", eb.ref("node_entries.epoch")),
              eb.and([
                eb("excluded.epoch", "=", eb.ref("node_entries.epoch")),
                eb("excluded.generation", ">=", eb.ref("node_entries.generation")),
              ]),
            ]),
          ),
      )
      .execute();
  }
}

/** One row can be written once in a statement. */
function newestOfEachEntry(reports: readonly NodeReport[]): readonly NodeReport[] {
  const newest = new Map<string, NodeReport>();
  for (const entry of reports) {
    const key = `${entry.node.nodeId} ${entry.report.entryId}`;
    const other = newest.get(key);
    if (other === undefined || compareGenerations(entry.report.generation, other.report.generation) >= 0)
      newest.set(key, entry);
  }
  return [...newest.values()];
}
