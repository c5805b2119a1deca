import {
  type ActivationType,
  type CaSetContent,
  choosePilot,
  type Generation,
  type Network,
  removesTrustOnly,
} from "@tcm/core";
import type { Selectable } from "kysely";
import { writePilotEntry } from "../../manifest/pilot-entries.ts";
import { readEntry } from "../../manifest/read-entries.ts";
import { writeEntry } from "../../manifest/write-entry.ts";
import type { EdgeNodesTable } from "../../store/node-tables.ts";
import type { Queries } from "../../store/store.ts";
import type { PilotWish } from "./activation-pilot.ts";
import { type Actor, timestamp } from "../actor.ts";
import type { ActivationRow } from "./activation-row.ts";
import { activeVersions, type CaSetRow } from "../ca-sets/ca-set-row.ts";
import type { Announce, DeploymentContext } from "../deployment-context.ts";
import { isConnected } from "../edge-nodes/edge-nodes.ts";
import { isExpected } from "../edge-nodes/expected-nodes.ts";
import { recordActivity } from "../history/record-activity.ts";
import { settleActivation } from "./settle-activation.ts";
import { caSetEntryId } from "../versions/version-content.ts";

export type NewActivation = {
  readonly caSet: CaSetRow;
  readonly version: number;
  readonly type: ActivationType;
  readonly network: Network;
  /** null: nothing is served any more. */
  readonly content: CaSetContent | null;
  /** Undefined: to all nodes at once. */
  readonly oneNodeFirst?: PilotWish | undefined;
};

/**
 * Writes what the nodes are to serve and who is expected to prove it, in one transaction with the record. Everything that
 * might refuse it has been asked before. Without nodes it is complete at once.
 */
export async function beginActivation(
  queries: Queries,
  announce: Announce,
  context: DeploymentContext,
  actor: Actor,
  activation: NewActivation,
): Promise<ActivationRow> {
  const { caSet, version, type, network, oneNodeFirst } = activation;
  const now = context.clock();
  const at = timestamp(now);
  const by = actor.name;
  const nodes = await expectedNodes(queries, network, at);
  const pilotId = oneNodeFirst === undefined ? undefined : pilotOf(context, nodes);
  const { generation, removesOnly } = await writeContent(queries, activation, pilotId, at);
  const deadline = timestamp(now + context.deploymentDeadlineMs + (oneNodeFirst?.observationMs ?? 0));
  const row = await insertActivation(queries, activation, { generation, removesOnly, deadline, at, by });
  await lockVersion(queries, caSet, version, at);
  await expectNodes(queries, row, nodes, at);
  if (oneNodeFirst !== undefined && pilotId !== undefined) await recordPilot(queries, row, pilotId, oneNodeFirst);
  await recordActivity(queries, { caSetId: caSet.id, type: `${type}_CA_SET_VERSION`, network, version, at, by });
  announce(network);
  await settleActivation(queries, announce, context, row.id);
  return queries.selectFrom("activations").selectAll().where("id", "=", row.id).executeTakeFirstOrThrow();
}

type Written = {
  readonly generation: Generation;
  /** Of what nodes were told before, some is gone and nothing is new. */
  readonly removesOnly: boolean;
};

async function writeContent(
  queries: Queries,
  { caSet, network, content }: NewActivation,
  pilotId: string | undefined,
  at: string,
): Promise<Written> {
  const entryId = caSetEntryId(caSet.id);
  const served = await servedFingerprints(queries, network, entryId);
  const generation =
    pilotId === undefined
      ? await writeEntry(queries, network, entryId, content, at)
      : await writePilotEntry(queries, network, pilotId, { entryId, content }, at);
  return { generation, removesOnly: removesTrustOnly(served, content?.fingerprints ?? null) };
}

type Begin = Written & { readonly deadline: string; readonly at: string; readonly by: string };

async function insertActivation(
  queries: Queries,
  { caSet, version, type, network }: NewActivation,
  { generation, removesOnly, deadline, at, by }: Begin,
): Promise<ActivationRow> {
  return queries
    .insertInto("activations")
    .values({
      ca_set_id: caSet.id,
      version,
      type,
      network,
      status: "IN_PROGRESS",
      failure_reason: null,
      epoch: generation.epoch,
      generation: generation.number,
      previous_version: (await activeVersions(queries, caSet.id))[network] ?? null,
      removes_trust_only: removesOnly ? 1 : 0,
      deadline_at: deadline,
      created_at: at,
      created_by: by,
      final_percent: null,
      modified_at: null,
      modified_by: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What nodes are told now, which a running activation may have changed since the version in force. */
async function servedFingerprints(
  queries: Queries,
  network: Network,
  entryId: string,
): Promise<readonly string[] | null> {
  const content = (await readEntry(queries, network, entryId))?.content ?? null;
  return content?.kind === "ca-set" ? content.fingerprints : null;
}

/** From now on nodes may hold the version and know the set by its name: neither changes again. */
async function lockVersion(queries: Queries, caSet: CaSetRow, version: number, at: string): Promise<void> {
  await queries
    .updateTable("ca_set_versions")
    .set({ locked_at: at })
    .where("ca_set_id", "=", caSet.id)
    .where("version", "=", version)
    .where("locked_at", "is", null)
    .execute();
  await queries
    .updateTable("ca_sets")
    .set({ modified_at: at, name_frozen_at: caSet.name_frozen_at ?? at })
    .where("id", "=", caSet.id)
    .execute();
}

type NodeRow = Selectable<EdgeNodesTable>;

function expectedNodes(queries: Queries, network: Network, at: string): Promise<readonly NodeRow[]> {
  return queries.selectFrom("edge_nodes").selectAll().where("network", "=", network).where(isExpected(at)).execute();
}

function pilotOf(context: DeploymentContext, nodes: readonly NodeRow[]): string | undefined {
  return choosePilot(nodes.map((node) => ({ nodeId: node.id, isConnected: isConnected(context, node) })));
}

async function recordPilot(
  queries: Queries,
  { id }: ActivationRow,
  nodeId: string,
  { observationMs, maxRefusals }: PilotWish,
): Promise<void> {
  const wish = { node_id: nodeId, observation_ms: observationMs, max_refusals: maxRefusals };
  await queries
    .insertInto("activation_pilots")
    .values({ activation_id: id, ...wish, proved_at: null, released_at: null })
    .execute();
}

/** Frozen here: who comes later is not waited for, and who is away is. */
async function expectNodes(
  queries: Queries,
  { id }: ActivationRow,
  nodes: readonly NodeRow[],
  at: string,
): Promise<void> {
  const rows = nodes.map(({ id: node_id, highest_level }) => ({
    activation_id: id,
    node_id,
    required_level: highest_level,
    state: "expected" as const,
    code: null,
    detail: null,
    excluded_at: null,
    excluded_by: null,
    updated_at: at,
  }));
  // SQLite takes 32,766 values in one statement.
  for (let from = 0; from < rows.length; from += 1_000) {
    await queries
      .insertInto("activation_nodes")
      .values(rows.slice(from, from + 1_000))
      .execute();
  }
}
