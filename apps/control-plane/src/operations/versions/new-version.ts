import type { Queries } from "../../store/store.ts";
import type { CaSetRow } from "../ca-sets/ca-set-row.ts";

/** Which version is written, and when by whom. */
export type NewVersion = {
  readonly caSetId: number;
  readonly version: number;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
};

/** The next number of the set; a number is never given twice, whatever becomes of its version. */
export async function takeNumber(
  queries: Queries,
  { id: caSetId, last_version }: CaSetRow,
  { at, by }: Pick<NewVersion, "at" | "by">,
): Promise<NewVersion> {
  const version = last_version + 1;
  await queries
    .updateTable("ca_sets")
    .set({ last_version: version, modified_at: at })
    .where("id", "=", caSetId)
    .execute();
  return { caSetId, version, at, by };
}
