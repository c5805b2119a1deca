import type { EdgeCertificateView } from "@tcm/api-contract";
import { compareGenerations, formatGeneration, type ManifestEntry, type Network } from "@tcm/core";
import type { Selectable } from "kysely";
import { readEntry } from "../../manifest/read-entries.ts";
import type { NodeEntriesTable } from "../../store/node-tables.ts";
import type { Queries } from "../../store/store.ts";
import { edgeCertificateEntryId } from "./edge-certificate-row.ts";

type Progress = EdgeCertificateView["staging"];
type NodeEntryRow = Pick<Selectable<NodeEntriesTable>, "epoch" | "generation" | "state">;

/** How far a binding has come on the nodes that a network has now: a binding takes effect on each by itself. */
export async function bindingProgress(
  queries: Queries,
  network: Network,
  edgeCertificateId: number,
): Promise<Progress> {
  const entryId = edgeCertificateEntryId(edgeCertificateId);
  const entry = await readEntry(queries, network, entryId);
  if (entry === undefined) throw new Error(`edge certificate ${edgeCertificateId} has no entry on ${network}`);
  const nodes = await queries
    .selectFrom("edge_nodes")
    .leftJoin("node_entries", (join) =>
      join.onRef("node_entries.node_id", "=", "edge_nodes.id").on("node_entries.entry_id", "=", entryId),
    )
    .select(["edge_nodes.highest_level", "node_entries.epoch", "node_entries.generation", "node_entries.state"])
    .where("edge_nodes.network", "=", network)
    .where("edge_nodes.drained_at", "is", null)
    .execute();
  const states = nodes.map(({ highest_level, ...reported }) => ({ highest_level, state: stateOf(entry, reported) }));
  const isDone = ({ highest_level, state }: (typeof states)[number]): boolean =>
    state === "verified" || (state === "applied" && highest_level === "applied");
  const count = states.filter(isDone).length;
  const isRejected = states.some(({ state }) => state === "rejected");
  return {
    status: isRejected ? "REJECTED" : count === states.length ? "COMPLETE" : "IN_PROGRESS",
    percentComplete: states.length === 0 ? 100 : Math.floor((count * 100) / states.length),
    generation: formatGeneration(entry.generation),
  };
}

function stateOf(
  { generation }: ManifestEntry,
  reported: { [K in keyof NodeEntryRow]: NodeEntryRow[K] | null },
): NodeEntryRow["state"] | "unknown" {
  if (reported.epoch === null || reported.generation === null || reported.state === null) return "unknown";
  const order = compareGenerations({ epoch: reported.epoch, number: reported.generation }, generation);
  return order === 0 ? reported.state : "unknown";
}
