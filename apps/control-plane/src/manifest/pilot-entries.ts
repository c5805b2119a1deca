import {
  compareGenerations,
  type EntryContent,
  type EntryId,
  type Generation,
  type ManifestEntry,
  type Network,
} from "@tcm/core";
import type { Queries } from "../store/store.ts";
import { readEntry, toEntry } from "./read-entries.ts";
import { entryValues, nextGeneration, writeEntry } from "./write-entry.ts";

/** What one node is told in place of what its network is told. */
export type PilotEntry = { readonly nodeId: string; readonly entry: ManifestEntry };

/** As `writeEntry`, for one node; the others are told what they were told before, until `writeEntry`. */
export async function writePilotEntry(
  queries: Queries,
  network: Network,
  nodeId: string,
  { entryId, content }: { readonly entryId: EntryId; readonly content: EntryContent | null },
  at: string,
): Promise<Generation> {
  // What was never written is withdrawn for the others: every entry of a pilot is one of its network too.
  if ((await readEntry(queries, network, entryId)) === undefined) await writeEntry(queries, network, entryId, null, at);
  const generation = await nextGeneration(queries, network);
  const values = { node_id: nodeId, ...entryValues(generation, content, at) };
  await queries
    .insertInto("pilot_entries")
    .values({ network, entry_id: entryId, ...values })
    .onConflict((conflict) => conflict.columns(["network", "entry_id"]).doUpdateSet(values))
    .execute();
  return generation;
}

export async function readPilotEntries(queries: Queries, network: Network): Promise<readonly PilotEntry[]> {
  const rows = await queries.selectFrom("pilot_entries").selectAll().where("network", "=", network).execute();
  return rows.map((row) => ({ nodeId: row.node_id, entry: toEntry(row) }));
}

/** Undefined: every node of the network is told the same. */
export async function readPilotEntry(
  queries: Queries,
  network: Network,
  entryId: EntryId,
): Promise<PilotEntry | undefined> {
  const all = await readPilotEntries(queries, network);
  return all.find(({ entry }) => entry.entryId === entryId);
}

/** What the node is told: its own entry, unless the network's is newer. */
export function entryFor(nodeId: string, entry: ManifestEntry, pilot: PilotEntry | undefined): ManifestEntry {
  const isOwn = pilot?.nodeId === nodeId && pilot.entry.entryId === entry.entryId;
  return isOwn && compareGenerations(pilot.entry.generation, entry.generation) > 0 ? pilot.entry : entry;
}
