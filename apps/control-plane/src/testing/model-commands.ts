import { type Network } from "@tcm/core";
import { expect } from "vitest";
import { deadlineMs } from "./deployment-harness.ts";
import { DeploymentModel } from "./deployment-model.ts";
import { pickSet, type Real } from "./model-command.ts";
import {
  activate,
  activations,
  cancels,
  deactivations,
  deaths,
  exclusions,
  rollBacks,
} from "./model-deployment-commands.ts";
import { checkInvariants, newMemory } from "./model-invariants.ts";
import { drains, hellos, lateReports, losses, talk, talks } from "./model-node-commands.ts";
import { crashes, rotations, sweep, waits } from "./model-process-commands.ts";
import { addSet, addVersion, creates, edits, setDeletions, versionDeletions, versions } from "./model-set-commands.ts";
import { ModelWorld } from "./model-world.ts";

const fewNodes: Readonly<Record<Network, number>> = { STAGING: 2, PRODUCTION: 1 };

/** Stories begin with a set of two versions, one in force: without, half of their commands would find nothing to change. */
export async function newModelRun(): Promise<{ model: DeploymentModel; real: Real }> {
  const world = await ModelWorld.open(fewNodes);
  const ids = (network: Network) => world.nodes.filter((node) => node.network === network).map(({ nodeId }) => nodeId);
  const nodes = { STAGING: ids("STAGING"), PRODUCTION: ids("PRODUCTION") };
  const model = new DeploymentModel(nodes, world.clock.now, deadlineMs);
  await addSet(model, world, 0, 3);
  await addVersion(model, world, 0, 1, 1);
  const real: Real = { world, memory: newMemory(), stale: [] };
  const [id, set] = pickSet(model, 0) ?? [];
  if (id === undefined || set === undefined) throw new Error("the first set is missing");
  await activate(model, world, 0, { id, set, version: 1, on: "STAGING", observationMs: undefined });
  for (const node of world.nodes) await talk(model, world, real.stale, { r: 0, node, mood: "proves" });
  return { model, real };
}

export const allCommands = [
  creates,
  versions,
  edits,
  activations,
  activations,
  rollBacks,
  deactivations,
  cancels,
  exclusions,
  versionDeletions,
  setDeletions,
  talks("proves", "proves"),
  talks("proves", "proves"),
  talks("rejects", "rejects"),
  talks("dawdles", "dawdles"),
  talks("lies", "lies"),
  hellos,
  lateReports,
  losses,
  crashes,
  deaths,
  rotations,
  drains,
  waits,
];

/** Whatever happened: with time everything has ended, and nodes that are there serve what they are told. */
export async function comeToRest(model: DeploymentModel, { world, memory, stale }: Real): Promise<void> {
  world.clock.advance(2 * deadlineMs);
  await sweep(model, world, 0);
  world.clock.advance(2 * 3_600_000 + deadlineMs);
  await sweep(model, world, 1);
  for (const node of world.nodes) {
    node.loseDisk();
    await talk(model, world, stale, { r: 0, node, mood: "proves" });
    for (const entry of await world.announced(1, node))
      expect(node.held.get(entry.entry.entryId)?.served).toEqual(entry.entry.content);
  }
  await sweep(model, world, 0);
  await checkInvariants(model, world, memory, 0);
  for (const set of model.sets.values()) expect(set.running.size).toBe(0);
  const { db } = world.replica(0).store;
  expect(await db.selectFrom("ca_sets").select("id").where("status", "=", "DELETING").execute()).toEqual([]);
}
