import { compareGenerations, type Generation, networks } from "@tcm/core";
import { readPilotEntries } from "../../manifest/pilot-entries.ts";
import type { Queries } from "../../store/store.ts";
import type { NodeReport } from "./record-reports.ts";

type Written = { readonly generation: Generation; readonly digest: string };

/**
 * The reports that can be true. What a node says of an entry or a generation that was never written for it says nothing; and one
 * that holds other content than was written under that generation proves nothing: it is on record as rejected.
 */
export async function believeReports(queries: Queries, reports: readonly NodeReport[]): Promise<readonly NodeReport[]> {
  const written = await writtenEntries(queries, [...new Set(reports.map(({ report }) => report.entryId))]);
  const own = await ownEntries(queries);
  return reports.flatMap((entry) => {
    const { node, report } = entry;
    const name = `${node.network} ${report.entryId}`;
    return judge(entry, own.get(`${node.nodeId} ${name}`) ?? written.get(name));
  });
}

function judge(entry: NodeReport, written: Written | undefined): readonly NodeReport[] {
  const { node, report } = entry;
  if (written === undefined) return [];
  const order = compareGenerations(report.generation, written.generation);
  if (order > 0) return [];
  if (order < 0 || report.state === "rejected" || report.digest === written.digest) return [entry];
  const detail = `The node holds other content under this generation: ${report.digest}.`;
  return [{ node, report: { ...report, state: "rejected", rejection: { code: "digest-mismatch", detail } } }];
}

/** Of nodes that are told something of their own: a deployment with one node first. */
async function ownEntries(queries: Queries): Promise<ReadonlyMap<string, Written>> {
  const own = new Map<string, Written>();
  for (const network of networks)
    for (const { nodeId, entry } of await readPilotEntries(queries, network))
      own.set(`${nodeId} ${network} ${entry.entryId}`, entry);
  return own;
}

async function writtenEntries(queries: Queries, entryIds: readonly string[]): Promise<ReadonlyMap<string, Written>> {
  const written = new Map<string, Written>();
  // SQLite takes 32,766 values in one statement.
  for (let from = 0; from < entryIds.length; from += 10_000) {
    const rows = await queries
      .selectFrom("manifest_entries")
      .select(["network", "entry_id", "epoch", "generation", "digest"])
      .where("entry_id", "in", entryIds.slice(from, from + 10_000))
      .execute();
    for (const { network, entry_id, epoch, generation, digest } of rows)
      written.set(`${network} ${entry_id}`, { generation: { epoch, number: generation }, digest });
  }
  return written;
}
