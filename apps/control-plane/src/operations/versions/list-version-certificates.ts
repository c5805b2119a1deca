import type { VersionCertificateListView } from "@tcm/api-contract";
import type { Outcome, UnixMillis } from "@tcm/core";
import { findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import { done } from "../refuse.ts";
import { findVersion, versionCertificates } from "./version-row.ts";

export type CertificateStatus = "EXPIRING" | "EXPIRED" | "ACTIVE";

/** Certificates of one of the statuses; none named: all. */
export type ExpiryFilter = {
  readonly statuses: ReadonlySet<CertificateStatus>;
  /** How near an end counts as expiring, counted from now; undefined: 30 days. */
  readonly expiringBefore: UnixMillis | undefined;
  /** Which ends are long past; undefined: none is. */
  readonly expiredAfter: UnixMillis | undefined;
};

/** The certificates of a version whose end of validity fits, in the order submitted. */
export async function listVersionCertificates(
  { store: { db }, clock }: OperationContext,
  caSetId: number,
  version: number,
  filter: ExpiryFilter,
): Promise<Outcome<VersionCertificateListView>> {
  const caSet = await findCaSet(db, caSetId);
  if (!caSet.ok) return caSet;
  const found = await findVersion(db, caSet.value, version);
  if (!found.ok) return found;
  const certificates = await versionCertificates(db, caSetId, version);
  const now = clock();
  return done({
    caSetId: String(caSetId),
    caSetName: caSet.value.name,
    version,
    certificates: certificates.filter(({ endDate }) => fits(Date.parse(endDate), now, filter)),
  });
}

const thirtyDaysMs = 30 * 86_400_000;

/** RFC 5280 §4.1.2.5: the end date itself still belongs to the validity. */
function fits(end: UnixMillis, now: UnixMillis, { statuses, expiringBefore, expiredAfter }: ExpiryFilter): boolean {
  if (statuses.size === 0) return true;
  if (end < now) return statuses.has("EXPIRED") && end >= (expiredAfter ?? end);
  return statuses.has("ACTIVE") || (statuses.has("EXPIRING") && end <= (expiringBefore ?? now + thirtyDaysMs));
}
