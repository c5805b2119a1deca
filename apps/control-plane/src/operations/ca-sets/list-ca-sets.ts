import type { CaSetView } from "@tcm/api-contract";
import type { Network, Outcome } from "@tcm/core";
import { type ExpressionBuilder, sql } from "kysely";
import {
  type ActiveVersions,
  activeVersions,
  type CaSetRow,
  findCaSet,
  latestVersionOf,
  presentCaSet,
} from "./ca-set-row.ts";
import type { Database } from "../../store/schema.ts";
import type { OperationContext } from "../context.ts";
import { done } from "../refuse.ts";

/** "both" and "either" as mETS combines networks with `+` and `,`. */
export type ActivatedOn = "INACTIVE" | Network | "both" | "either";

export type CaSetFilter = {
  readonly namePrefix: string | undefined;
  readonly activatedOn: ActivatedOn | undefined;
  readonly statuses: readonly CaSetRow["status"][];
};

/** The sets that fit the filter, those changed last first. */
export async function listCaSets(
  { store: { db }, accountId }: OperationContext,
  filter: CaSetFilter,
): Promise<readonly CaSetView[]> {
  const rows = await db
    .selectFrom("ca_sets")
    .selectAll()
    .where("status", "in", filter.statuses)
    .orderBy("modified_at", "desc")
    .orderBy("id", "desc")
    .execute();
  const latest = await latestVersions({ db });
  const active = await allActiveVersions({ db });
  return rows
    .filter(({ name }) => filter.namePrefix === undefined || name.startsWith(filter.namePrefix))
    .filter(({ id }) => matches(filter.activatedOn, active.get(id) ?? {}))
    .map((row) => presentCaSet(row, latest.get(row.id) ?? null, active.get(row.id) ?? {}, accountId));
}

export async function getCaSet(
  { store: { db }, accountId }: OperationContext,
  caSetId: number,
): Promise<Outcome<CaSetView>> {
  const found = await findCaSet(db, caSetId);
  if (!found.ok) return found;
  return done(
    presentCaSet(found.value, await latestVersionOf(db, caSetId), await activeVersions(db, caSetId), accountId),
  );
}

function matches(wanted: ActivatedOn | undefined, { STAGING, PRODUCTION }: ActiveVersions): boolean {
  switch (wanted) {
    case undefined:
      return true;
    case "INACTIVE":
      return STAGING === undefined && PRODUCTION === undefined;
    case "STAGING":
      return STAGING !== undefined;
    case "PRODUCTION":
      return PRODUCTION !== undefined;
    case "both":
      return STAGING !== undefined && PRODUCTION !== undefined;
    case "either":
      return STAGING !== undefined || PRODUCTION !== undefined;
  }
}

type Db = Pick<OperationContext["store"], "db">;

async function latestVersions({ db }: Db): Promise<ReadonlyMap<number, number>> {
  // Not grouped: that reads every version, and this one entry of the index for each set.
  const latest = (set: ExpressionBuilder<Database, "ca_sets">) =>
    set
      .selectFrom("ca_set_versions")
      .select((eb) => eb.fn.max("version").as("latest"))
      .whereRef("ca_set_versions.ca_set_id", "=", "ca_sets.id")
      .where("ca_set_versions.status", "=", sql.lit("NOT_DELETED" as const))
      .as("latest");
  const rows = await db
    .selectFrom("ca_sets")
    .select((set) => ["id", latest(set)])
    .execute();
  return new Map(rows.flatMap(({ id, latest: version }) => (version === null ? [] : [[id, version] as const])));
}

async function allActiveVersions({ db }: Db): Promise<ReadonlyMap<number, ActiveVersions>> {
  const rows = await db.selectFrom("ca_set_networks").select(["ca_set_id", "network", "active_version"]).execute();
  const bySet = Map.groupBy(rows, ({ ca_set_id }) => ca_set_id);
  return new Map(
    [...bySet].map(([id, list]) => [id, Object.fromEntries(list.map((row) => [row.network, row.active_version]))]),
  );
}
