import type { ActivationNodesView, ActivationView } from "@tcm/api-contract";
import {
  type Activation,
  type ExpectedNode,
  formatGeneration,
  type Network,
  type Outcome,
  type ProblemItem,
  percentComplete,
} from "@tcm/core";
import type { Selectable } from "kysely";
import type { ActivationNodesTable, ActivationsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import { findPilot, isInForce, type PilotRow, presentPilot } from "./activation-pilot.ts";
import { percentOfActivations } from "./activation-progress.ts";
import type { CaSetRow } from "../ca-sets/ca-set-row.ts";
import { activationLink, caSetLink, versionLink } from "../link.ts";
import { done, refuse } from "../refuse.ts";
import { itemList } from "../versions/problem-item.ts";

export type ActivationRow = Selectable<ActivationsTable>;
export type ActivationNodeRow = Selectable<ActivationNodesTable>;

export type ActivationIds = { readonly caSetId: number; readonly version: number; readonly activationId: number };

export async function findActivation(
  queries: Queries,
  caSet: CaSetRow,
  { version, activationId }: Omit<ActivationIds, "caSetId">,
): Promise<Outcome<ActivationRow>> {
  const row = await queries
    .selectFrom("activations")
    .selectAll()
    .where("id", "=", activationId)
    .where("ca_set_id", "=", caSet.id)
    .where("version", "=", version)
    .executeTakeFirst();
  if (row !== undefined) return done(row);
  const contextInfo = { activationId, caSetId: String(caSet.id), caSetName: caSet.name, version };
  const detail = `Version ${version} of CA set ${caSet.name} has no activation ${activationId}.`;
  return refuse("activation-or-deactivation-request-not-found", detail, { contextInfo });
}

/** The one that is under way for the set on the network; undefined when none is. */
export async function runningActivation(
  queries: Queries,
  caSetId: number,
  network: Network,
): Promise<ActivationRow | undefined> {
  return queries
    .selectFrom("activations")
    .selectAll()
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", network)
    .where("status", "=", "IN_PROGRESS")
    .executeTakeFirst();
}

/** In order of node id. */
export async function activationNodeRows(
  queries: Queries,
  activationId: number,
): Promise<readonly ActivationNodeRow[]> {
  return queries
    .selectFrom("activation_nodes")
    .selectAll()
    .where("activation_id", "=", activationId)
    .orderBy("node_id")
    .execute();
}

export function expectedNode(row: ActivationNodeRow): ExpectedNode {
  const { node_id, required_level, state, code, detail, excluded_at } = row;
  const words = [code, detail].filter((part) => part !== null).join(": ");
  return {
    nodeId: node_id,
    requiredLevel: required_level,
    state,
    detail: words === "" ? undefined : words,
    isExcluded: excluded_at !== null,
  };
}

export function toActivation(row: ActivationRow): Activation {
  return {
    type: row.type,
    network: row.network,
    status: row.status,
    deadline: Date.parse(row.deadline_at),
    removesTrustOnly: row.removes_trust_only === 1,
    isInForce: isInForce(row),
  };
}

/** One activation with how far its nodes have come. */
export async function viewActivation(
  queries: Queries,
  caSet: CaSetRow,
  row: ActivationRow,
  warnings?: readonly ProblemItem[],
): Promise<ActivationView> {
  const percent = (await percentOfActivations(queries, [row]))(row.id);
  const pilot = await findPilot(queries, row.id);
  return presentActivation(caSet, row, { percent, pilot }, warnings);
}

export function presentActivation(
  caSet: CaSetRow,
  row: ActivationRow,
  { percent, pilot }: { readonly percent: number; readonly pilot: PilotRow | undefined },
  warnings?: readonly ProblemItem[],
): ActivationView {
  return {
    activationId: row.id,
    activationLink: activationLink(caSet.id, row.version, row.id),
    activationType: row.type,
    activationStatus: row.status,
    network: row.network,
    percentComplete: percent,
    failureReason: row.failure_reason,
    caSetId: String(caSet.id),
    caSetName: caSet.name,
    caSetLink: caSetLink(caSet.id),
    version: row.version,
    versionLink: versionLink(caSet.id, row.version),
    createdDate: row.created_at,
    createdBy: row.created_by,
    modifiedDate: row.modified_at,
    modifiedBy: row.modified_by,
    validation: warnings === undefined ? null : { warnings: itemList(warnings) },
    generation: formatGeneration({ epoch: row.epoch, number: row.generation }),
    ...(pilot !== undefined && { oneNodeFirst: presentPilot(pilot) }),
    deadlineDate: row.deadline_at,
    previousVersion: row.previous_version,
    removesTrustOnly: row.removes_trust_only === 1,
  };
}

export function presentActivationNodes(
  rows: readonly ActivationNodeRow[],
  pilot: PilotRow | undefined,
): ActivationNodesView {
  return {
    percentComplete: percentComplete(rows.map(expectedNode)),
    nodes: rows.map((row) => ({
      nodeId: row.node_id,
      state: row.state,
      requiredLevel: row.required_level,
      code: row.code,
      detail: row.detail,
      excludedDate: row.excluded_at,
      excludedBy: row.excluded_by,
      modifiedDate: row.updated_at,
      ...(pilot?.node_id === row.node_id && { goesFirst: true as const }),
    })),
  };
}
