import type { EdgeCertificateView } from "@tcm/api-contract";
import { formatGeneration, type Network } from "@tcm/core";
import type { ExpressionBuilder } from "kysely";
import type { Database } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import { isExpected } from "../edge-nodes/expected-nodes.ts";
import { edgeCertificateEntryId } from "./edge-certificate-row.ts";

export type BindingProgress = (edgeCertificateId: number, network: Network) => EdgeCertificateView["staging"];

/**
 * How far these bindings have come on the nodes that are expected now: a binding takes effect on each by itself. Counted by the store, for
 * several at a time: a thousand nodes of two hundred bindings are no rows to be read one by one.
 */
export async function bindingProgress(queries: Queries, ids: readonly number[], at: string): Promise<BindingProgress> {
  const counted = await countNodes(queries, ids.map(edgeCertificateEntryId), at);
  const found = new Map(counted.map((row) => [`${row.network} ${row.entry_id}`, row]));
  return (id, network) => {
    const row = found.get(`${network} ${edgeCertificateEntryId(id)}`);
    if (row === undefined) throw new Error(`edge certificate ${id} has no entry on ${network}`);
    const [expected, proved] = [Number(row.expected), Number(row.proved)];
    return {
      status: Number(row.rejected) > 0 ? "REJECTED" : proved === expected ? "COMPLETE" : "IN_PROGRESS",
      percentComplete: expected === 0 ? 100 : Math.floor((proved * 100) / expected),
      generation: formatGeneration({ epoch: row.epoch, number: row.generation }),
    };
  };
}

/** What a node says of an older generation says nothing. PostgreSQL counts in numbers that come as text. */
function countNodes(queries: Queries, entryIds: readonly string[], at: string) {
  return queries
    .selectFrom("manifest_entries as entry")
    .leftJoin("edge_nodes", (join) => join.onRef("edge_nodes.network", "=", "entry.network").on(isExpected(at)))
    .leftJoin("node_entries as said", (join) =>
      join
        .onRef("said.node_id", "=", "edge_nodes.id")
        .onRef("said.entry_id", "=", "entry.entry_id")
        .onRef("said.epoch", "=", "entry.epoch")
        .onRef("said.generation", "=", "entry.generation"),
    )
    .select(["entry.network", "entry.entry_id", "entry.epoch", "entry.generation"])
    .select((eb) => [
      eb.fn.count<number | string>("edge_nodes.id").as("expected"),
      eb.fn.count<number | string>(eb.case().when(isProved(eb)).then(1).end()).as("proved"),
      eb.fn.count<number | string>(eb.case().when("said.state", "=", "rejected").then(1).end()).as("rejected"),
    ])
    .where("entry.entry_id", "in", entryIds)
    .groupBy(["entry.network", "entry.entry_id", "entry.epoch", "entry.generation"])
    .execute();
}

type Counted = Database & { said: Database["node_entries"] };

/** The highest level that its engine can reach. */
function isProved(eb: ExpressionBuilder<Counted, "edge_nodes" | "said">) {
  const atItsHighest = eb.and([eb("said.state", "=", "applied"), eb("edge_nodes.highest_level", "=", "applied")]);
  return eb.or([eb("said.state", "=", "verified"), atItsHighest]);
}
