import type { Queries } from "../../store/store.ts";
import type { VersionRow } from "./version-row.ts";

type StoredText = { readonly id: number; readonly fingerprint: string };

export async function textsOf(
  queries: Queries,
  { ca_set_id, version }: Pick<VersionRow, "ca_set_id" | "version">,
): Promise<readonly StoredText[]> {
  return queries
    .selectFrom("ca_set_version_members as member")
    .innerJoin("certificate_texts as text", "text.id", "member.text_id")
    .select(["text.id", "text.fingerprint"])
    .where("member.ca_set_id", "=", ca_set_id)
    .where("member.version", "=", version)
    .execute();
}

/** Of these texts, and the certificates in them, those that no version has any more: a draft may be written over for years. */
export async function removeUnusedTexts(queries: Queries, texts: readonly StoredText[]): Promise<void> {
  if (texts.length === 0) return;
  const ids = texts.map(({ id }) => id);
  const fingerprints = texts.map(({ fingerprint }) => fingerprint);
  await queries
    .deleteFrom("certificate_texts")
    .where("id", "in", ids)
    .where("id", "not in", queries.selectFrom("ca_set_version_members").select("text_id").where("text_id", "in", ids))
    .execute();
  await queries
    .deleteFrom("certificates")
    .where("fingerprint", "in", fingerprints)
    .where(
      "fingerprint",
      "not in",
      queries.selectFrom("certificate_texts").select("fingerprint").where("fingerprint", "in", fingerprints),
    )
    .execute();
}
