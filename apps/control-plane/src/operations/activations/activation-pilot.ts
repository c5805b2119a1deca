import type { ActivationView } from "@tcm/api-contract";
import type { EntryId, Network, Pilot } from "@tcm/core";
import type { Selectable } from "kysely";
import type { ActivationPilotsTable } from "../../store/schema.ts";
import type { Queries } from "../../store/store.ts";
import type { ActivationRow } from "./activation-row.ts";
import type { DeploymentContext } from "../deployment-context.ts";

export type PilotRow = Selectable<ActivationPilotsTable>;

/** How an activation with one node first was asked for. */
export type PilotWish = { readonly observationMs: number; readonly maxRefusals: number };

/** Undefined: an activation that goes to all nodes at once. */
export function findPilot(queries: Queries, activationId: number): Promise<PilotRow | undefined> {
  return queries
    .selectFrom("activation_pilots")
    .selectAll()
    .where("activation_id", "=", activationId)
    .executeTakeFirst();
}

/** Of all activations of a set, by id. */
export async function pilotsOfSet(queries: Queries, caSetId: number): Promise<ReadonlyMap<number, PilotRow>> {
  const rows = await queries
    .selectFrom("activation_pilots as pilot")
    .innerJoin("activations", "activations.id", "pilot.activation_id")
    .selectAll("pilot")
    .where("activations.ca_set_id", "=", caSetId)
    .execute();
  return new Map(rows.map((row) => [row.activation_id, row]));
}

/**
 * With the clients that were refused since the activation began, of the generation that is told now. What is in force already goes to
 * every node, whoever is refused by it.
 */
export async function readPilot(
  queries: Queries,
  { removedAnchorRefusals }: Pick<DeploymentContext, "removedAnchorRefusals">,
  activation: ActivationRow,
  row: PilotRow,
): Promise<Pilot> {
  const { ca_set_id: caSetId, network, epoch, generation, created_at } = activation;
  const change = {
    activationId: activation.id,
    caSetId,
    network,
    generation: { epoch, number: generation },
    since: Date.parse(created_at),
  };
  const refusals = isInForce(activation) ? undefined : await removedAnchorRefusals?.(queries, change);
  return {
    nodeId: row.node_id,
    observationMs: row.observation_ms,
    provedAt: row.proved_at === null ? undefined : Date.parse(row.proved_at),
    isReleased: row.released_at !== null,
    refusals: refusals?.clients ?? 0,
    unknownRefusals: refusals?.unknown ?? 0,
    saidBy: refusals?.saidBy ?? [],
    isUncounted: refusals?.isUncounted ?? false,
    maxRefusals: row.max_refusals,
  };
}

/** Whether it deploys what was in force when it began. */
export function isInForce({ type, version, previous_version }: ActivationRow): boolean {
  return type === "ACTIVATE" && version === previous_version;
}

/** Whether a node is still told something of its own: a removal that went no further than to the first node. */
export async function hasPilotEntry(queries: Queries, network: Network, entryId: EntryId): Promise<boolean> {
  const found = await queries
    .selectFrom("pilot_entries")
    .select("node_id")
    .where("network", "=", network)
    .where("entry_id", "=", entryId)
    .executeTakeFirst();
  return found !== undefined;
}

export function presentPilot(row: PilotRow): NonNullable<ActivationView["oneNodeFirst"]> {
  const observed = row.proved_at === null ? "FIRST_NODE" : "OBSERVATION";
  return {
    nodeId: row.node_id,
    phase: row.released_at === null ? observed : "REST",
    observationSeconds: Math.floor(row.observation_ms / 1_000),
    maxRefusedClients: row.max_refusals,
    provedDate: row.proved_at,
    releasedDate: row.released_at,
  };
}
