import type { Queries } from "../../store/store.ts";
import type { NewVersion } from "./new-version.ts";
import type { VersionRow } from "./version-row.ts";

const memberColumns = ["position", "text_id", "description", "created_at", "created_by"] as const;

/** Writes an equal version under another number or in another set; as young as a new one, and as free to be edited. */
export async function copyVersion(
  queries: Queries,
  source: VersionRow,
  { caSetId, version, at, by }: NewVersion,
): Promise<VersionRow> {
  const fresh = {
    ca_set_id: caSetId,
    version,
    status: "NOT_DELETED",
    created_at: at,
    created_by: by,
    modified_at: null,
    modified_by: null,
    locked_at: null,
    removal_at: null,
  } as const;
  const row = await queries
    .insertInto("ca_set_versions")
    .values({ ...source, ...fresh })
    .returningAll()
    .executeTakeFirstOrThrow();
  const members = queries
    .selectFrom("ca_set_version_members")
    .select((eb) => [
      eb.cast<number>(eb.val(caSetId), "integer").as("ca_set_id"),
      eb.cast<number>(eb.val(version), "integer").as("version"),
    ])
    .select(memberColumns)
    .where("ca_set_id", "=", source.ca_set_id)
    .where("version", "=", source.version);
  await queries
    .insertInto("ca_set_version_members")
    .columns(["ca_set_id", "version", ...memberColumns])
    .expression(members)
    .execute();
  return row;
}
