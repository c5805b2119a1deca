import type { Queries } from "../../store/store.ts";
import type { CertificateFacts } from "../../validation/validation-answer.ts";

/** SQLite takes 32,766 values in one statement; a set has had at most 100 versions of 300. */
export async function anchorSubjects(
  queries: Queries,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (fingerprints.length === 0) return new Map();
  const rows = await queries
    .selectFrom("certificates")
    .select(["fingerprint", "facts"])
    .where("fingerprint", "in", fingerprints.slice(0, 30_000))
    .execute();
  return new Map(rows.map(({ fingerprint, facts }) => [fingerprint, (JSON.parse(facts) as CertificateFacts).subject]));
}
