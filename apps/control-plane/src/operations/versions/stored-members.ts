import type { Outcome } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { type CaSetRow, findCaSet } from "../ca-sets/ca-set-row.ts";
import { done } from "../refuse.ts";
import { findVersion, type VersionRow } from "./version-row.ts";

export type StoredVersion = {
  readonly caSet: CaSetRow;
  readonly row: VersionRow;
  /** DER of the members as base64, in order. */
  readonly members: readonly string[];
};

/** A version with the DER of its members, for whoever looks into them. */
export async function findStoredVersion(
  queries: Queries,
  caSetId: number,
  version: number,
): Promise<Outcome<StoredVersion>> {
  const caSet = await findCaSet(queries, caSetId);
  if (!caSet.ok) return caSet;
  const row = await findVersion(queries, caSet.value, version);
  if (!row.ok) return row;
  const members = await storedMembers(queries, caSetId, version);
  return done({ caSet: caSet.value, row: row.value, members });
}

/** DER of the members as base64, in order. */
export async function storedMembers(queries: Queries, caSetId: number, version: number): Promise<readonly string[]> {
  const rows = await memberCertificates(queries, caSetId, version).select("certificates.der").execute();
  return rows.map(({ der }) => der);
}

/** Of which columns is for the caller to say. */
export function memberCertificates(queries: Queries, caSetId: number, version: number) {
  return queries
    .selectFrom("ca_set_version_members as member")
    .innerJoin("certificate_texts as text", "text.id", "member.text_id")
    .innerJoin("certificates", "certificates.fingerprint", "text.fingerprint")
    .where("member.ca_set_id", "=", caSetId)
    .where("member.version", "=", version)
    .orderBy("member.position");
}
