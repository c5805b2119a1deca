import { writeEntry } from "../../manifest/write-entry.ts";
import type { Queries } from "../../store/store.ts";
import type { ActivationRow } from "./activation-row.ts";
import type { Announce } from "../deployment-context.ts";
import { caSetEntryId, versionContent } from "../versions/version-content.ts";

/** What was served before the activation goes out again, as a new generation: nodes refuse an old one. */
export async function restorePrevious(
  queries: Queries,
  announce: Announce,
  { ca_set_id, network, previous_version }: ActivationRow,
  at: string,
): Promise<void> {
  const caSet = await queries
    .selectFrom("ca_sets")
    .select(["id", "name"])
    .where("id", "=", ca_set_id)
    .executeTakeFirstOrThrow();
  const content = previous_version === null ? null : await versionContent(queries, caSet, previous_version);
  await writeEntry(queries, network, caSetEntryId(ca_set_id), content, at);
  announce(network);
}
