import type { VersionView } from "@tcm/api-contract";
import {
  buildIssuerGraph,
  type Certificate,
  type ChainStructure,
  chainStructure,
  decodeBase64,
  type Outcome,
  parseCertificate,
  renderPem,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import type { Queries } from "../store/store.ts";
import { activeVersions, findCaSet } from "./ca-set-row.ts";
import type { OperationContext } from "./context.ts";
import { done } from "./refuse.ts";
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

/** Newest first. */
export async function listVersions(
  { store: { db } }: OperationContext,
  caSetId: number,
  filter: VersionFilter,
): Promise<Outcome<readonly VersionView[]>> {
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
  const views: VersionView[] = [];
  for (const row of rows) {
    if (filter.activeVersionsOnly && !isActive(row)) continue;
    const extras = filter.includeCertificates
      ? { certificates: await versionCertificates(db, caSetId, row.version) }
      : {};
    views.push(presentVersion(caSet.value, row, active, extras));
  }
  return done(views);
}

export async function versionTrustChains(
  { store: { db } }: OperationContext,
  caSetId: number,
  version: number,
): Promise<Outcome<ChainStructure>> {
  const anchors = await readAnchors(db, caSetId, version);
  if (!anchors.ok) return anchors;
  return done(chainStructure(anchors.value, buildIssuerGraph(anchors.value, nodeCrypto)));
}

/** Rendered from the stored DER: nothing that was submitted around the certificates is in it. */
export async function versionBundle(
  { store: { db } }: OperationContext,
  caSetId: number,
  version: number,
): Promise<Outcome<string>> {
  const anchors = await readAnchors(db, caSetId, version);
  return anchors.ok ? done(anchors.value.map(({ der }) => renderPem(der)).join("")) : anchors;
}

async function readAnchors(
  queries: Queries,
  caSetId: number,
  version: number,
): Promise<Outcome<readonly Certificate[]>> {
  const caSet = await findCaSet(queries, caSetId);
  if (!caSet.ok) return caSet;
  const found = await findVersion(queries, caSet.value, version);
  if (!found.ok) return found;
  return done(await storedCertificates(queries, caSetId, version));
}

/** The members of a version as they were decoded, in order. */
export async function storedCertificates(
  queries: Queries,
  caSetId: number,
  version: number,
): Promise<readonly Certificate[]> {
  const rows = await queries
    .selectFrom("ca_set_version_certificates as member")
    .innerJoin("certificates", "certificates.fingerprint", "member.fingerprint")
    .select("certificates.der")
    .where("member.ca_set_id", "=", caSetId)
    .where("member.version", "=", version)
    .orderBy("member.position")
    .execute();
  return rows.map(({ der }) => parseStored(der));
}

/** What is stored was validated before: anything else is a damaged store. */
function parseStored(base64: string): Certificate {
  const bytes = decodeBase64(base64);
  const parsed = parseCertificate(bytes.ok ? bytes.bytes : new Uint8Array(), nodeCrypto);
  if (!parsed.ok) throw new Error(`a stored certificate cannot be read: ${parsed.problem.code}`);
  return parsed.certificate;
}
