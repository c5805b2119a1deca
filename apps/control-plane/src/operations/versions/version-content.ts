import type { CaSetContent } from "@tcm/core";
import type { Queries } from "../../store/store.ts";

/** What nodes are told to serve for a version of a set. */
export async function versionContent(
  queries: Queries,
  caSet: { readonly id: number; readonly name: string },
  version: number,
): Promise<CaSetContent> {
  const rows = await queries
    .selectFrom("ca_set_version_members as member")
    .innerJoin("certificate_texts as text", "text.id", "member.text_id")
    .select("text.fingerprint")
    .where("member.ca_set_id", "=", caSet.id)
    .where("member.version", "=", version)
    .execute();
  const fingerprints = [...new Set(rows.map(({ fingerprint }) => fingerprint))].sort();
  if (fingerprints.length === 0) throw new Error(`version ${version} of CA set ${caSet.id} has no certificates`);
  return { kind: "ca-set", caSetId: String(caSet.id), caSetName: caSet.name, version, fingerprints };
}

export function caSetEntryId(caSetId: number): string {
  return `ca-set/${caSetId}`;
}

/** Undefined for entries of another kind. */
export function caSetIdOf(entryId: string): number | undefined {
  const digits = /^ca-set\/(\d+)$/.exec(entryId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
