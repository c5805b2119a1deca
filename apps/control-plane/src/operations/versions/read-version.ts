import { setImmediate } from "node:timers/promises";
import type { VersionView } from "@tcm/api-contract";
import { type Certificate, type Outcome, renderPem } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { decodeMembers } from "../../validation/decode-members.ts";
import { activeVersions, findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { done } from "../refuse.ts";
import { findStoredVersion, storedMembers } from "./stored-members.ts";
import { findVersion, presentVersion, type VersionRow, versionCertificates } from "./version-row.ts";

export async function getVersion(
  { store: { db } }: OperationContext,
  caSetId: number,
  version: number,
): Promise<Outcome<VersionView>> {
  const caSet = await findCaSet(db, caSetId);
  if (!caSet.ok) return caSet;
  const found = await findVersion(db, caSet.value, version);
  if (!found.ok) return found;
  const certificates = await versionCertificates(db, caSetId, version);
  return done(presentVersion(caSet.value, found.value, await activeVersions(db, caSetId), { certificates }));
}

export type VersionFilter = {
  readonly includeCertificates: boolean;
  readonly activeVersionsOnly: boolean;
  readonly statuses: readonly VersionRow["status"][];
};

/** Newest first, each read when its turn comes: all certificates of a hundred versions are many megabytes. */
export async function listVersions(
  { store: { db } }: OperationContext,
  caSetId: number,
  filter: VersionFilter,
): Promise<Outcome<AsyncIterable<VersionView>>> {
  const caSet = await findCaSet(db, caSetId);
  if (!caSet.ok) return caSet;
  const rows = await db
    .selectFrom("ca_set_versions")
    .selectAll()
    .where("ca_set_id", "=", caSetId)
    .where("status", "in", filter.statuses)
    .orderBy("version", "desc")
    .execute();
  const active = await activeVersions(db, caSetId);
  const isActive = ({ version }: VersionRow): boolean => version === active.STAGING || version === active.PRODUCTION;
  const wanted = filter.activeVersionsOnly ? rows.filter(isActive) : rows;
  return done(
    (async function* views() {
      for (const row of wanted) {
        const extras = filter.includeCertificates
          ? { certificates: await versionCertificates(db, caSetId, row.version) }
          : {};
        yield presentVersion(caSet.value, row, active, extras);
        // The embedded store answers at once and a fast reader takes at once: nobody else would have a turn until the last one.
        if (filter.includeCertificates) await setImmediate();
      }
    })(),
  );
}

/** Rendered from the stored DER: nothing that was submitted around the certificates is in it. */
export async function versionBundle(
  { store: { db } }: OperationContext,
  caSetId: number,
  version: number,
): Promise<Outcome<string>> {
  const found = await findStoredVersion(db, caSetId, version);
  if (!found.ok) return found;
  return done(
    decodeMembers(found.value.members)
      .map(({ der }) => renderPem(der))
      .join(""),
  );
}

/** The members of a version as they were decoded, in order. */
export async function storedCertificates(
  queries: Queries,
  caSetId: number,
  version: number,
): Promise<readonly Certificate[]> {
  return decodeMembers(await storedMembers(queries, caSetId, version));
}
