import type { CaSetView } from "@tcm/api-contract";
import type { Network, Outcome } from "@tcm/core";
import type { Selectable } from "kysely";
import type { CaSetsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import { caSetLink, deletionLink, versionLink } from "../link.ts";
import { done, type Refusal, refuse } from "../refuse.ts";

export type CaSetRow = Selectable<CaSetsTable>;

/** Which version is active where; absent when none. */
export type ActiveVersions = Readonly<Partial<Record<Network, number>>>;

export async function findCaSet(queries: Queries, caSetId: number): Promise<Outcome<CaSetRow>> {
  const row = await queries.selectFrom("ca_sets").selectAll().where("id", "=", caSetId).executeTakeFirst();
  if (row !== undefined) return done(row);
  return refuse("ca-set-not-found", `There is no CA set ${caSetId}.`, { contextInfo: { caSetId: String(caSetId) } });
}

/** A set that may still change: neither deleted nor being deleted. */
export async function findLivingCaSet(queries: Queries, caSetId: number): Promise<Outcome<CaSetRow>> {
  const found = await findCaSet(queries, caSetId);
  return found.ok && found.value.status !== "NOT_DELETED" ? beingDeleted(queries, found.value) : found;
}

async function beingDeleted(queries: Queries, { id, name, status }: CaSetRow): Promise<Refusal> {
  const rows = await queries
    .selectFrom("ca_set_deletions")
    .select(["network", "status"])
    .where("ca_set_id", "=", id)
    .execute();
  const statusOn = (network: Network): string | null => rows.find((row) => row.network === network)?.status ?? null;
  return refuse(
    "delete-ca-set-request-in-progress",
    `CA set ${name} is ${status === "DELETED" ? "deleted" : "being deleted"} and cannot change.`,
    {
      contextInfo: {
        caSetId: String(id),
        caSetName: name,
        deletionLink: deletionLink(id),
        productionStatus: statusOn("PRODUCTION"),
        stagingStatus: statusOn("STAGING"),
      },
    },
  );
}

export async function activeVersions(queries: Queries, caSetId: number): Promise<ActiveVersions> {
  const rows = await queries
    .selectFrom("ca_set_networks")
    .select(["network", "active_version"])
    .where("ca_set_id", "=", caSetId)
    .execute();
  return Object.fromEntries(rows.map(({ network, active_version }) => [network, active_version]));
}

export function presentCaSet(
  row: CaSetRow,
  latestVersion: number | null,
  active: ActiveVersions,
  accountId: string,
): CaSetView {
  const link = (version: number | null): string | null => (version === null ? null : versionLink(row.id, version));
  const staging = active.STAGING ?? null;
  const production = active.PRODUCTION ?? null;
  return {
    accountId,
    caSetId: String(row.id),
    caSetLink: caSetLink(row.id),
    caSetName: row.name,
    caSetStatus: row.status,
    description: row.description,
    latestVersion,
    latestVersionLink: link(latestVersion),
    stagingVersion: staging,
    stagingVersionLink: link(staging),
    productionVersion: production,
    productionVersionLink: link(production),
    versionsLink: `${caSetLink(row.id)}/versions/`,
    createdDate: row.created_at,
    createdBy: row.created_by,
    deletedDate: row.deleted_at,
    deletedBy: row.deleted_by,
    removalDate: row.removal_at,
    caSetNameIsEditable: row.name_frozen_at === null && row.status === "NOT_DELETED",
  };
}

/** The highest version that is not deleted; null before the first. */
export async function latestVersionOf(queries: Queries, caSetId: number): Promise<number | null> {
  const { latest } = await queries
    .selectFrom("ca_set_versions")
    .select(({ fn }) => fn.max("version").as("latest"))
    .where("ca_set_id", "=", caSetId)
    .where("status", "=", "NOT_DELETED")
    .executeTakeFirstOrThrow();
  return latest ?? null;
}
