import type { CertificateView, VersionView } from "@tcm/api-contract";
import type { CaSetOptions, Outcome } from "@tcm/core";
import type { Selectable } from "kysely";
import type { CaSetVersionsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import type { CertificateFacts, ValidationAnswer } from "../../validation/validation-answer.ts";
import type { ActiveVersions, CaSetRow } from "../ca-sets/ca-set-row.ts";
import { versionLink } from "../link.ts";
import { itemList } from "./problem-item.ts";
import { done, refuse } from "../refuse.ts";

export type VersionRow = Selectable<CaSetVersionsTable>;

export async function findVersion(queries: Queries, caSet: CaSetRow, version: number): Promise<Outcome<VersionRow>> {
  const row = await queries
    .selectFrom("ca_set_versions")
    .selectAll()
    .where("ca_set_id", "=", caSet.id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (row !== undefined) return done(row);
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, version };
  return refuse("ca-set-version-not-found", `CA set ${caSet.name} has no version ${version}.`, { contextInfo });
}

/** A version that may still be used: one that is deleted is there to be looked at only. */
export async function findLivingVersion(
  queries: Queries,
  caSet: CaSetRow,
  version: number,
): Promise<Outcome<VersionRow>> {
  const found = await findVersion(queries, caSet, version);
  if (!found.ok || found.value.status === "NOT_DELETED") return found;
  const contextInfo = { caSetId: String(caSet.id), caSetName: caSet.name, version };
  return refuse("ca-set-version-not-found", `Version ${version} of CA set ${caSet.name} is deleted.`, { contextInfo });
}

export function optionsOf(row: VersionRow): CaSetOptions {
  return {
    requireRootCertificate: row.require_root_certificate === 1,
    allowInsecureSha1: row.allow_insecure_sha1 === 1,
    allowDuplicateCommonNames: row.allow_duplicate_common_names === 1,
  };
}

/** As submitted, in order: texts, descriptions, and what was read from each. */
export async function versionCertificates(
  queries: Queries,
  caSetId: number,
  version: number,
): Promise<readonly CertificateView[]> {
  const rows = await queries
    .selectFrom("ca_set_version_members as member")
    .innerJoin("certificate_texts as text", "text.id", "member.text_id")
    .innerJoin("certificates", "certificates.fingerprint", "text.fingerprint")
    .select(["text.pem", "member.description", "member.created_at", "member.created_by", "certificates.facts"])
    .where("member.ca_set_id", "=", caSetId)
    .where("member.version", "=", version)
    .orderBy("member.position")
    .execute();
  return rows.map((row) => ({
    ...(JSON.parse(row.facts) as CertificateFacts),
    certificatePem: row.pem,
    description: row.description,
    createdDate: row.created_at,
    createdBy: row.created_by,
  }));
}

export type VersionExtras = {
  readonly certificates?: readonly CertificateView[];
  /** Present on create, update and clone; null on reads, as mETS has it. */
  readonly validation?: Pick<ValidationAnswer, "warnings" | "advisories">;
};

export function presentVersion(
  caSet: CaSetRow,
  row: VersionRow,
  active: ActiveVersions,
  { certificates, validation }: VersionExtras,
): VersionView {
  const statusOn = (network: keyof ActiveVersions): "ACTIVE" | "INACTIVE" =>
    active[network] === row.version ? "ACTIVE" : "INACTIVE";
  return {
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    version: row.version,
    versionLink: versionLink(caSet.id, row.version),
    description: row.description,
    ...optionsOf(row),
    stagingStatus: statusOn("STAGING"),
    productionStatus: statusOn("PRODUCTION"),
    createdDate: row.created_at,
    createdBy: row.created_by,
    modifiedDate: row.modified_at,
    modifiedBy: row.modified_by,
    ...(certificates !== undefined && { certificates: [...certificates] }),
    validation: validation === undefined ? null : { warnings: itemList(validation.warnings) },
    advisories: validation === undefined ? null : itemList(validation.advisories),
    removalDate: row.removal_at,
    caSetVersionStatus: row.status,
  };
}
