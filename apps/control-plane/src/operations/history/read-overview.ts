import type { ActivationView, ControlPlaneEvent, OverviewView } from "@tcm/api-contract";
import type { Queries } from "../../store/store.ts";
import type { ActiveCertificates } from "../versions/active-certificates.ts";
import { activeVersions, readInForce } from "../versions/active-versions.ts";
import { percentOfActivations } from "../activations/activation-progress.ts";
import { presentActivation } from "../activations/activation-row.ts";
import { timestamp } from "../actor.ts";
import type { OperationContext } from "../context.ts";
import { alarmsKeptMs } from "./record-event.ts";

/** Spec §4: from here on a certificate is said to expire soon. */
const expiringMs = 90 * 86_400_000;

/** What runs where, what came to a bad end, and what soon will. */
export async function readOverview(
  { store: { db }, clock }: OperationContext,
  certificates: ActiveCertificates,
): Promise<OverviewView> {
  const now = clock();
  const inForce = await readInForce(db);
  return {
    inForce: inForce.map(({ ca_set_id, network, version, id, created_by, modified_at, created_at }) => ({
      caSetId: String(ca_set_id),
      network,
      version,
      activationId: id,
      activatedDate: modified_at ?? created_at,
      activatedBy: created_by,
    })),
    lastActivations: await readLastActivations(db),
    expiringCertificates: await certificates.endingUntil(db, activeVersions(inForce), now + expiringMs),
    alarms: await readAlarms(db, timestamp(now - alarmsKeptMs)),
  };
}

/** Of sets that are not deleted, the newest first. */
async function readLastActivations(queries: Queries): Promise<ActivationView[]> {
  const rows = await queries
    .selectFrom("activations")
    .selectAll()
    .where("id", "in", (eb) =>
      eb
        .selectFrom("activations")
        .innerJoin("ca_sets", "ca_sets.id", "activations.ca_set_id")
        .select(({ fn }) => fn.max("activations.id").as("newest"))
        .where("ca_sets.status", "=", "NOT_DELETED")
        .groupBy(["activations.ca_set_id", "activations.network"]),
    )
    .orderBy("id", "desc")
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const sets = await queries.selectFrom("ca_sets").selectAll().where("status", "=", "NOT_DELETED").execute();
  const pilots = await queries.selectFrom("activation_pilots").selectAll().where("activation_id", "in", ids).execute();
  const setOf = new Map(sets.map((set) => [set.id, set]));
  const pilotOf = new Map(pilots.map((pilot) => [pilot.activation_id, pilot]));
  const percent = await percentOfActivations(queries, rows);
  return rows.flatMap((row) => {
    const set = setOf.get(row.ca_set_id);
    const progress = { percent: percent(row.id), pilot: pilotOf.get(row.id) };
    return set === undefined ? [] : [presentActivation(set, row, progress)];
  });
}

async function readAlarms(queries: Queries, since: string): Promise<OverviewView["alarms"]> {
  const rows = await queries
    .selectFrom("events")
    .select(["data", "at"])
    .where("type", "=", "alarm")
    .where("at", ">=", since)
    .orderBy("id", "desc")
    .execute();
  return rows.map(({ data, at }) => {
    // Written by `recordEvent` from a value of this type.
    const alarm = JSON.parse(data) as Omit<Extract<ControlPlaneEvent, { type: "alarm" }>, "type">;
    const { by, edgeCertificateId, openings, openingCount } = alarm;
    return { date: at, by, edgeCertificateId, openings, openingCount };
  });
}
