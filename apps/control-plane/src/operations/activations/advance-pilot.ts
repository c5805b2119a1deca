import { type ActivationDecision, decidePilot, type PilotDecision } from "@tcm/core";
import { readPilotEntry, writePilotEntry } from "../../manifest/pilot-entries.ts";
import { writeEntry } from "../../manifest/write-entry.ts";
import type { Queries } from "../../store/store.ts";
import { timestamp } from "../actor.ts";
import { type PilotRow, readPilot } from "./activation-pilot.ts";
import { type ActivationRow, activationNodeRows, expectedNode, toActivation } from "./activation-row.ts";
import type { Announce, DeploymentContext } from "../deployment-context.ts";
import { caSetEntryId } from "../versions/version-content.ts";

export type PilotContext = Pick<DeploymentContext, "clock" | "removedAnchorRefusals">;
export type Ending = ActivationDecision | Extract<PilotDecision, { readonly next: "fail-and-stop" }>;

/** What `decidePilot` says now; nothing is changed. */
export async function considerPilot(
  queries: Queries,
  context: PilotContext,
  row: ActivationRow,
  pilot: PilotRow,
): Promise<PilotDecision> {
  const nodes = (await activationNodeRows(queries, row.id)).map(expectedNode);
  return decidePilot(toActivation(row), await readPilot(queries, context, row, pilot), nodes, context.clock());
}

/**
 * Takes an activation with one node first as far as it goes now, in the transaction of whatever moved it; answers the activation
 * as it is then, and how it ends, if it does.
 */
export async function advancePilot(
  queries: Queries,
  announce: Announce,
  context: PilotContext,
  row: ActivationRow,
  pilot: PilotRow,
): Promise<{ readonly row: ActivationRow; readonly decision: Ending }> {
  const decision = await considerPilot(queries, context, row, pilot);
  const at = timestamp(context.clock());
  switch (decision.next) {
    case "observe":
      return advancePilot(queries, announce, context, row, await changePilot(queries, row, { proved_at: at }));
    case "release": {
      const released = await release(queries, row, at);
      announce(row.network);
      return advancePilot(queries, announce, context, released, await changePilot(queries, row, { released_at: at }));
    }
    case "replace-pilot": {
      const { nodeId } = decision;
      const moved = await tellInstead(queries, row, nodeId, at);
      announce(row.network);
      const changes = { node_id: nodeId, proved_at: null };
      return advancePilot(queries, announce, context, moved, await changePilot(queries, row, changes));
    }
    default:
      return { row, decision };
  }
}

/** What the pilot was told, as the next generation for everybody: those that were told something else meanwhile miss nothing. */
async function release(queries: Queries, row: ActivationRow, at: string): Promise<ActivationRow> {
  const { entryId, content } = await pilotEntry(queries, row);
  return proceedWith(queries, row, await writeEntry(queries, row.network, entryId, content, at));
}

async function tellInstead(queries: Queries, row: ActivationRow, nodeId: string, at: string): Promise<ActivationRow> {
  const entry = await pilotEntry(queries, row);
  return proceedWith(queries, row, await writePilotEntry(queries, row.network, nodeId, entry, at));
}

async function pilotEntry(queries: Queries, { id, network, ca_set_id }: ActivationRow) {
  const found = await readPilotEntry(queries, network, caSetEntryId(ca_set_id));
  if (found === undefined) throw new Error(`activation ${id} has no entry for its first node`);
  return found.entry;
}

/** Reports count for the generation that is told now; what was proved of the same content stays proved. */
async function proceedWith(
  queries: Queries,
  { id }: ActivationRow,
  generation: { readonly epoch: number; readonly number: number },
): Promise<ActivationRow> {
  const { epoch, number } = generation;
  const changes = { epoch, generation: number };
  return queries.updateTable("activations").set(changes).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

function changePilot(
  queries: Queries,
  { id }: ActivationRow,
  changes: Partial<Pick<PilotRow, "node_id" | "proved_at" | "released_at">>,
): Promise<PilotRow> {
  return queries
    .updateTable("activation_pilots")
    .set(changes)
    .where("activation_id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
