import type { ActivationNodesView, ActivationView } from "@tcm/api-contract";
import type { Outcome } from "@tcm/core";
import type { Queries } from "../../store/store.ts";
import { findPilot, pilotsOfSet, readPilot } from "./activation-pilot.ts";
import { percentOfActivations } from "./activation-progress.ts";
import {
  type ActivationIds,
  type ActivationRow,
  activationNodeRows,
  findActivation,
  presentActivation,
  presentActivationNodes,
  viewActivation,
} from "./activation-row.ts";
import { type CaSetRow, findCaSet } from "../ca-sets/ca-set-row.ts";
import type { OperationContext } from "../context.ts";
import type { DeploymentContext } from "../deployment-context.ts";
import { done } from "../refuse.ts";
import { findVersion } from "../versions/version-row.ts";

/** Newest first: Terraform takes the first that fits. Of one version, or of all. */
export async function listActivations(
  { store: { db } }: OperationContext,
  caSetId: number,
  version?: number,
): Promise<Outcome<readonly ActivationView[]>> {
  const caSet = await findCaSet(db, caSetId);
  if (!caSet.ok) return caSet;
  if (version !== undefined) {
    const found = await findVersion(db, caSet.value, version);
    if (!found.ok) return found;
  }
  let wanted = db.selectFrom("activations").selectAll().where("ca_set_id", "=", caSetId);
  if (version !== undefined) wanted = wanted.where("version", "=", version);
  const rows = await wanted.orderBy("id", "desc").execute();
  const percent = await percentOfActivations(db, rows);
  const pilots = await pilotsOfSet(db, caSetId);
  const present = (row: ActivationRow): ActivationView =>
    presentActivation(caSet.value, row, { percent: percent(row.id), pilot: pilots.get(row.id) });
  return done(rows.map(present));
}

/** With the clients that count against it so far, while one node goes first. */
export async function getActivation(
  context: Pick<DeploymentContext, "store" | "removedAnchorRefusals">,
  ids: ActivationIds,
): Promise<Outcome<ActivationView>> {
  const { db } = context.store;
  const found = await find(db, ids);
  if (!found.ok) return found;
  const { caSet, row } = found.value;
  const view = await viewActivation(db, caSet, row);
  const pilot = row.status === "IN_PROGRESS" ? await findPilot(db, row.id) : undefined;
  if (pilot === undefined || view.oneNodeFirst === undefined) return done(view);
  const { refusals, unknownRefusals } = await readPilot(db, context, row, pilot);
  return done({ ...view, oneNodeFirst: { ...view.oneNodeFirst, refusedClients: refusals + unknownRefusals } });
}

export async function getActivationNodes(
  { store: { db } }: OperationContext,
  ids: ActivationIds,
): Promise<Outcome<ActivationNodesView>> {
  const found = await find(db, ids);
  if (!found.ok) return found;
  const { id, final_percent } = found.value.row;
  if (final_percent !== null) return done({ percentComplete: final_percent, nodes: [], nodesForgotten: true });
  return done(presentActivationNodes(await activationNodeRows(db, id), await findPilot(db, id)));
}

async function find(
  queries: Queries,
  ids: ActivationIds,
): Promise<Outcome<{ readonly caSet: CaSetRow; readonly row: ActivationRow }>> {
  const caSet = await findCaSet(queries, ids.caSetId);
  if (!caSet.ok) return caSet;
  const version = await findVersion(queries, caSet.value, ids.version);
  if (!version.ok) return version;
  const row = await findActivation(queries, caSet.value, ids);
  return row.ok ? done({ caSet: caSet.value, row: row.value }) : row;
}
