import { formatGeneration } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import type { NodeReport } from "./record-reports.ts";
import { caSetIdOf } from "../versions/version-content.ts";

/**
 * Moves nodes on in the running activations that wrote the very generations they report; answers which those are. A thousand
 * nodes that say the same are one statement.
 */
export async function advanceActivations(
  queries: Queries,
  reports: readonly NodeReport[],
  at: string,
): Promise<readonly number[]> {
  const touched: number[] = [];
  for (const group of groupBy(reports, entryKey)) {
    const activationId = await findRunning(queries, group[0]);
    if (activationId === undefined) continue;
    touched.push(activationId);
    for (const same of groupBy(group, saidKey)) await moveNodes(queries, activationId, same, at);
  }
  return touched;
}

type Group = readonly [NodeReport, ...NodeReport[]];

function groupBy(reports: readonly NodeReport[], keyOf: (report: NodeReport) => string): readonly Group[] {
  return [...Map.groupBy(reports, keyOf).values()] as unknown as readonly Group[];
}

function entryKey({ node, report }: NodeReport): string {
  return `${node.network} ${report.entryId} ${formatGeneration(report.generation)}`;
}

function saidKey({ report }: NodeReport): string {
  return JSON.stringify([report.state, report.rejection, report.detail]);
}

async function findRunning(queries: Queries, { node, report }: NodeReport): Promise<number | undefined> {
  const caSetId = caSetIdOf(report.entryId);
  if (caSetId === undefined) return undefined;
  const activation = await queries
    .selectFrom("activations")
    .select("id")
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", node.network)
    .where("status", "=", "IN_PROGRESS")
    .where("epoch", "=", report.generation.epoch)
    .where("generation", "=", report.generation.number)
    .executeTakeFirst();
  return activation?.id;
}

/**
 * Of one generation a node goes forward, whatever order its words come in: one that says less than it did was late, or is a node that
 * began anew and proves it once more. A rejection counts whenever it comes.
 */
const movedBy = {
  delivered: ["expected", "delivered"],
  applied: ["expected", "delivered", "applied"],
  verified: ["expected", "delivered", "applied", "verified"],
  rejected: ["expected", "delivered", "applied", "verified", "rejected"],
} as const;

const nodesAtOnce = 10_000;

async function moveNodes(queries: Queries, activationId: number, group: Group, at: string): Promise<void> {
  const { state, rejection, detail } = group[0].report;
  const changes = { state, code: rejection?.code ?? null, detail: rejection?.detail ?? detail ?? null, updated_at: at };
  const nodeIds = group.map(({ node }) => node.nodeId);
  for (let from = 0; from < nodeIds.length; from += nodesAtOnce) {
    await queries
      .updateTable("activation_nodes")
      .set(changes)
      .where("activation_id", "=", activationId)
      .where("node_id", "in", nodeIds.slice(from, from + nodesAtOnce))
      .where("state", "in", movedBy[state])
      .execute();
  }
}
