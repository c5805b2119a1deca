import type { DeletionStatusView } from "@tcm/api-contract";
import { compareGenerations, type ExpectedNode, networks, percentComplete } from "@tcm/core";
import type { Selectable } from "kysely";
import type { CaSetDeletionsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import type { CaSetRow } from "./ca-set-row.ts";
import { caSetLink, deletionLink } from "../link.ts";
import { caSetEntryId } from "../versions/version-content.ts";

export type DeletionRow = Selectable<CaSetDeletionsTable>;

/** The last request to delete the set, staging first; empty when there never was one. */
export async function deletionRows(queries: Queries, caSetId: number): Promise<readonly DeletionRow[]> {
  const rows = await queries.selectFrom("ca_set_deletions").selectAll().where("ca_set_id", "=", caSetId).execute();
  return networks.flatMap((network) => rows.filter((row) => row.network === network));
}

/** The nodes that the withdrawal on one network waits for. A node drained since then is not waited for any more. */
export async function deletionNodes(queries: Queries, row: DeletionRow): Promise<readonly ExpectedNode[]> {
  const rows = await queries
    .selectFrom("ca_set_deletion_nodes as expected")
    .innerJoin("edge_nodes", "edge_nodes.id", "expected.node_id")
    .leftJoin("node_entries", (join) =>
      join
        .onRef("node_entries.node_id", "=", "expected.node_id")
        .on("node_entries.entry_id", "=", caSetEntryId(row.ca_set_id)),
    )
    .select(["expected.node_id", "expected.required_level", "edge_nodes.drained_at"])
    .select(["node_entries.epoch", "node_entries.generation", "node_entries.state"])
    .select(["node_entries.code", "node_entries.detail"])
    .where("expected.ca_set_id", "=", row.ca_set_id)
    .where("expected.network", "=", row.network)
    .orderBy("expected.node_id")
    .execute();
  return rows.map((node) => ({
    nodeId: node.node_id,
    requiredLevel: node.required_level,
    state: stateOf(row, node),
    detail: [node.code, node.detail].filter((part) => part !== null).join(": ") || undefined,
    isExcluded: node.drained_at !== null,
  }));
}

type Reported = {
  readonly epoch: number | null;
  readonly generation: number | null;
  readonly state: "delivered" | "applied" | "verified" | "rejected" | null;
};

/** What a node says of another generation says nothing about this withdrawal. */
function stateOf(row: DeletionRow, { epoch, generation, state }: Reported): ExpectedNode["state"] {
  if (epoch === null || generation === null || state === null) return "expected";
  const wanted = { epoch: row.epoch ?? 0, number: row.generation ?? 0 };
  return compareGenerations({ epoch, number: generation }, wanted) === 0 ? state : "expected";
}

export async function presentDeletion(
  queries: Queries,
  caSet: CaSetRow,
  rows: readonly DeletionRow[],
): Promise<DeletionStatusView> {
  const deletions = await Promise.all(
    rows.map(async (row) => ({
      network: row.network,
      status: row.status,
      percentComplete: row.status === "COMPLETE" ? 100 : percentComplete(await deletionNodes(queries, row)),
      failureReason: row.failure_reason,
    })),
  );
  const status = overallStatus(rows);
  const ends = rows.flatMap(({ ended_at }) => ended_at ?? []);
  return {
    caSetId: String(caSet.id),
    caSetLink: caSetLink(caSet.id),
    caSetName: caSet.name,
    resourceMethod: "delete",
    status,
    statusLink: deletionLink(caSet.id),
    startTime: rows[0]?.created_at ?? "",
    estimatedEndTime: rows[0]?.deadline_at ?? "",
    endTime: status === "IN_PROGRESS" ? null : (ends.sort().at(-1) ?? null),
    failureReason:
      deletions
        .flatMap(({ network, failureReason }) => (failureReason === null ? [] : `${network}: ${failureReason}`))
        .join(" ") || null,
    removalDate: caSet.removal_at,
    deletions,
  };
}

/** As long as one network is under way the whole is; one that failed makes it failed. */
function overallStatus(rows: readonly DeletionRow[]): DeletionRow["status"] {
  const statuses = new Set(rows.map(({ status }) => status));
  if (statuses.has("IN_PROGRESS")) return "IN_PROGRESS";
  return statuses.has("FAILED") ? "FAILED" : "COMPLETE";
}
