import type { CertificateView, VersionDiffView } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import type { OperationContext } from "./context.ts";
import { busy } from "./create-version.ts";
import { done } from "./refuse.ts";
import { findStoredVersion } from "./stored-members.ts";
import { optionsOf, versionCertificates } from "./version-row.ts";

/** What deploying `version` instead of `against` would change. A certificate is the same whatever text it came in. */
export async function compareVersions(
  { store: { db }, validation }: OperationContext,
  caSetId: number,
  { version, against }: { readonly version: number; readonly against: number },
): Promise<Outcome<VersionDiffView>> {
  const after = await findStoredVersion(db, caSetId, version);
  if (!after.ok) return after;
  const before = await findStoredVersion(db, caSetId, against);
  if (!before.ok) return before;
  const members = { before: before.value.members, after: after.value.members };
  const effect = await validation.ask({ task: "removal", ...members });
  if (effect === "busy") return busy();
  const old = await versionCertificates(db, caSetId, against);
  const fresh = await versionCertificates(db, caSetId, version);
  const added = without(fresh, old);
  return done({
    caSetId: String(caSetId),
    caSetName: after.value.caSet.name,
    version,
    against,
    added: added.map(inShort),
    removed: without(old, fresh).map(inShort),
    keptCount: fresh.length - added.length,
    options: changedOptions(optionsOf(before.value.row), optionsOf(after.value.row)),
    effect: {
      losesAccess: [...effect.removed],
      stillTrusted: effect.stillTrusted.map((entry) => ({ ...entry, by: [...entry.by] })),
    },
  });
}

function without(list: readonly CertificateView[], others: readonly CertificateView[]): readonly CertificateView[] {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return list.filter(({ fingerprint }) => !known.has(fingerprint));
}

function inShort({ subject, fingerprint, endDate }: CertificateView) {
  return { subject, fingerprint, endDate };
}

function changedOptions(from: CaSetOptions, to: CaSetOptions): VersionDiffView["options"] {
  const names = ["requireRootCertificate", "allowInsecureSha1", "allowDuplicateCommonNames"] as const;
  return names
    .filter((option) => from[option] !== to[option])
    .map((option) => ({ option, from: from[option], to: to[option] }));
}
