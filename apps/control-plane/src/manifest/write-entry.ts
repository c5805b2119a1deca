import { canonicalJson, type EntryContent, type EntryId, entryDigest, type Generation, type Network } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { Queries } from "../store/store.ts";

/** Where the numbers of a network begin; a restore from a backup begins a new epoch. */
export const firstGeneration: Generation = { epoch: 1, number: 0 };

/**
 * Makes `content`, or nothing, what the nodes of a network serve under the entry, as the network's next generation. Numbers are
 * counted per network, so that "everything after n" is one question. No node is told anything else of the entry any more.
 */
export async function writeEntry(
  queries: Queries,
  network: Network,
  entryId: EntryId,
  content: EntryContent | null,
  at: string,
): Promise<Generation> {
  const generation = await nextGeneration(queries, network);
  const values = entryValues(generation, content, at);
  await queries
    .insertInto("manifest_entries")
    .values({ network, entry_id: entryId, ...values })
    .onConflict((conflict) => conflict.columns(["network", "entry_id"]).doUpdateSet(values))
    .execute();
  await queries.deleteFrom("pilot_entries").where("network", "=", network).where("entry_id", "=", entryId).execute();
  return generation;
}

export function entryValues({ epoch, number }: Generation, content: EntryContent | null, at: string) {
  return {
    epoch,
    generation: number,
    digest: entryDigest(content, nodeCrypto),
    content: content === null ? null : canonicalJson(content),
    updated_at: at,
  };
}

/** Given once: whatever is written later has a higher one. */
export async function nextGeneration(queries: Queries, network: Network): Promise<Generation> {
  const { epoch, generation } = await queries
    .insertInto("network_generations")
    .values({ network, epoch: firstGeneration.epoch, generation: firstGeneration.number + 1 })
    .onConflict((conflict) =>
      conflict.column("network").doUpdateSet((eb) => ({ generation: eb("network_generations.generation", "+", 1) })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return { epoch, number: generation };
}
