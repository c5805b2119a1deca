import type { EntryContent, EntryId, ManifestEntry, Network } from "@tcm/core";
import type { Selectable } from "kysely";
import type { ManifestEntriesTable } from "../store/schema.ts";
import type { Queries } from "../store/store.ts";

/** Every entry of the network, or those written after a generation number; oldest first. */
export async function readEntries(queries: Queries, network: Network, after = 0): Promise<readonly ManifestEntry[]> {
  const rows = await queries
    .selectFrom("manifest_entries")
    .selectAll()
    .where("network", "=", network)
    .where("generation", ">", after)
    .orderBy("generation")
    .execute();
  return rows.map(toEntry);
}

/** Undefined: never written. */
export async function readEntry(
  queries: Queries,
  network: Network,
  entryId: EntryId,
): Promise<ManifestEntry | undefined> {
  const row = await queries
    .selectFrom("manifest_entries")
    .selectAll()
    .where("network", "=", network)
    .where("entry_id", "=", entryId)
    .executeTakeFirst();
  return row === undefined ? undefined : toEntry(row);
}

export function toEntry(row: Selectable<ManifestEntriesTable>): ManifestEntry {
  return {
    network: row.network,
    entryId: row.entry_id,
    generation: { epoch: row.epoch, number: row.generation },
    // Written by `writeEntry` from a value of this type; the digest is checked by every node.
    content: row.content === null ? null : (JSON.parse(row.content) as EntryContent),
    digest: row.digest,
  };
}
