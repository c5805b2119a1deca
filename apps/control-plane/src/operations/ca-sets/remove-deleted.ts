import { type Queries, transaction } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";
import { recordActivity } from "../history/record-activity.ts";

/** Who is named for what happens by itself. */
const system = "system";

/** Removes for good what was deleted 30 days ago, a set or a version at a time. Its activities stay: they are the record. */
export async function removeDeleted(context: OperationContext): Promise<void> {
  const now = timestamp(context.clock());
  const sets = await context.store.db
    .selectFrom("ca_sets")
    .select("id")
    .where("status", "=", "DELETED")
    .where("removal_at", "<=", now)
    .execute();
  for (const { id } of sets) await transaction(context.store, (queries) => removeCaSet(queries, id, now));
  const versions = await context.store.db
    .selectFrom("ca_set_versions")
    .select(["ca_set_id", "version"])
    .where("status", "=", "DELETED")
    .where("removal_at", "<=", now)
    .execute();
  for (const { ca_set_id, version } of versions)
    await transaction(context.store, async (queries) => {
      if (!(await removeVersion(queries, ca_set_id, version))) return;
      const activity = { caSetId: ca_set_id, type: "REMOVE_CA_SET_VERSION", version, at: now, by: system } as const;
      await recordActivity(queries, activity);
    });
  if (sets.length + versions.length > 0) await transaction(context.store, removeUnusedCertificates);
}

async function removeCaSet(queries: Queries, caSetId: number, at: string): Promise<void> {
  const activations = queries.selectFrom("activations").select("id").where("ca_set_id", "=", caSetId);
  await queries.deleteFrom("activation_nodes").where("activation_id", "in", activations).execute();
  await queries.deleteFrom("activations").where("ca_set_id", "=", caSetId).execute();
  await queries.deleteFrom("ca_set_version_members").where("ca_set_id", "=", caSetId).execute();
  await queries.deleteFrom("ca_set_versions").where("ca_set_id", "=", caSetId).execute();
  await queries.deleteFrom("handshake_counts").where("ca_set_id", "=", caSetId).execute();
  await queries.deleteFrom("handshake_anchors").where("ca_set_id", "=", caSetId).execute();
  await queries.deleteFrom("handshake_clients").where("ca_set_id", "=", caSetId).execute();
  await queries.deleteFrom("handshake_cut_off").where("ca_set_id", "=", caSetId).execute();
  const removed = await queries.deleteFrom("ca_sets").where("id", "=", caSetId).executeTakeFirst();
  // Another process may have been faster: it is on the record once.
  if (removed.numDeletedRows === 0n) return;
  await recordActivity(queries, { caSetId, type: "REMOVE_CA_SET", at, by: system });
}

/** False when another process was faster. Its activations stay with the set: what was deployed when is history. */
async function removeVersion(queries: Queries, caSetId: number, version: number): Promise<boolean> {
  await queries
    .deleteFrom("ca_set_version_members")
    .where("ca_set_id", "=", caSetId)
    .where("version", "=", version)
    .execute();
  const removed = await queries
    .deleteFrom("ca_set_versions")
    .where("ca_set_id", "=", caSetId)
    .where("version", "=", version)
    .executeTakeFirst();
  return removed.numDeletedRows > 0n;
}

/** Texts, and certificates, that no version has any more. */
async function removeUnusedCertificates(queries: Queries): Promise<void> {
  const texts = queries.selectFrom("ca_set_version_members").select("text_id");
  await queries.deleteFrom("certificate_texts").where("id", "not in", texts).execute();
  const used = queries.selectFrom("certificate_texts").select("fingerprint");
  await queries.deleteFrom("certificates").where("fingerprint", "not in", used).execute();
}
