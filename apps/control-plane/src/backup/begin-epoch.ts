import { type Generation, type ManifestEntry, type Network, networks } from "@tcm/core";
import { type PilotEntry, readPilotEntries, writePilotEntry } from "../manifest/pilot-entries.ts";
import { readEntries } from "../manifest/read-entries.ts";
import { writeEntry } from "../manifest/write-entry.ts";
import { timestamp } from "../operations/actor.ts";
import { caSetIdOf } from "../operations/versions/version-content.ts";
import type { Queries } from "../store/store.ts";

/** Epochs are 31 bits in every store: seconds from here last for 68 years. */
const epochZero = Date.UTC(2026, 0, 1);

/**
 * Nodes may hold later generations than the backup knows, and refuse what is lower: everything goes out again in an epoch that
 * is higher than any before, also than one that an earlier restore of the same backup began. Answers the epochs.
 */
export async function beginEpoch(queries: Queries, now: number): Promise<Partial<Record<Network, number>>> {
  const epochs: Partial<Record<Network, number>> = {};
  for (const network of networks) {
    const row = await queries
      .selectFrom("network_generations")
      .select("epoch")
      .where("network", "=", network)
      .executeTakeFirst();
    if (row === undefined) continue;
    const epoch = Math.max(row.epoch + 1, Math.floor((now - epochZero) / 1_000));
    await queries.updateTable("network_generations").set({ epoch }).where("network", "=", network).execute();
    const pilots = new Map((await readPilotEntries(queries, network)).map((pilot) => [pilot.entry.entryId, pilot]));
    for (const entry of await readEntries(queries, network))
      await writeAgain(queries, entry, pilots.get(entry.entryId), now);
    epochs[network] = epoch;
  }
  return epochs;
}

async function writeAgain(
  queries: Queries,
  { network, entryId, content }: ManifestEntry,
  pilot: PilotEntry | undefined,
  now: number,
): Promise<void> {
  const at = timestamp(now);
  const forAll = await writeEntry(queries, network, entryId, content, at);
  // A node that goes first still does.
  const generation =
    pilot === undefined ? forAll : await writePilotEntry(queries, network, pilot.nodeId, pilot.entry, at);
  const caSetId = caSetIdOf(entryId);
  if (caSetId === undefined) return;
  await resumeActivation(queries, network, caSetId, generation, now);
  await queries
    .updateTable("ca_set_deletions")
    .set({ epoch: generation.epoch, generation: generation.number })
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", network)
    .where("status", "=", "IN_PROGRESS")
    .execute();
}

/** What was running when the backup was made goes on: it waits for proofs of the new generation, for as long as it would have. */
async function resumeActivation(
  queries: Queries,
  network: Network,
  caSetId: number,
  { epoch, number }: Generation,
  now: number,
): Promise<void> {
  const running = await queries
    .selectFrom("activations")
    .select(["id", "created_at", "deadline_at"])
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", network)
    .where("status", "=", "IN_PROGRESS")
    .executeTakeFirst();
  if (running === undefined) return;
  const patienceMs = Date.parse(running.deadline_at) - Date.parse(running.created_at);
  const at = timestamp(now);
  await queries
    .updateTable("activations")
    .set({ epoch, generation: number, deadline_at: timestamp(now + patienceMs) })
    .where("id", "=", running.id)
    .execute();
  await queries
    .updateTable("activation_pilots")
    .set({ proved_at: null })
    .where("activation_id", "=", running.id)
    .execute();
  await queries
    .updateTable("activation_nodes")
    .set({ state: "expected", code: null, detail: null, updated_at: at })
    .where("activation_id", "=", running.id)
    .execute();
}
