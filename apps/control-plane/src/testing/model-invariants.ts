import { networks } from "@tcm/core";
import { expect } from "vitest";
import { openAuditKey } from "../audit/audit-key.ts";
import { verifyAudit } from "../audit/verify-audit.ts";
import { readPilotEntries } from "../manifest/pilot-entries.ts";
import { readEntries } from "../manifest/read-entries.ts";
import { caSetEntryId, caSetIdOf } from "../operations/versions/version-content.ts";
import type { DeploymentModel } from "./deployment-model.ts";
import { membersOf, type ModelWorld } from "./model-world.ts";

/** What held before and has to hold for ever. */
export type Memory = {
  readonly endings: Map<number, string>;
  readonly locked: Map<string, string>;
  readonly generations: Map<string, number>;
  records: number;
};

export function newMemory(): Memory {
  return { endings: new Map(), locked: new Map(), generations: new Map(), records: 0 };
}

/** After every step, read from the disk by whichever control plane. */
export async function checkInvariants(model: DeploymentModel, world: ModelWorld, memory: Memory, index: number) {
  const { store } = world.replica(index);
  await checkSets(model, world, index);
  await checkOwn(model, world, index);
  await checkActivations(model, world, memory, index);
  await checkLocked(world, memory, index);
  await checkGenerations(world, memory, index);
  expect(world.nodes.flatMap(({ faults }) => faults)).toEqual([]);
  const { faults, head } = await verifyAudit(store.db, await openAuditKey(store, world.operatorKey));
  expect(faults).toEqual([]);
  expect(head?.number ?? 0).toBeGreaterThanOrEqual(memory.records);
  memory.records = head?.number ?? 0;
}

/** One node is told something of its own where the model has it, and nowhere else. */
async function checkOwn(model: DeploymentModel, world: ModelWorld, index: number): Promise<void> {
  const { db } = world.replica(index).store;
  const expected = [...model.sets].flatMap(([id, set]) =>
    [...set.own].map(([network, { nodeId, target }]) => `${network} ${nodeId} ${id} ${target}`),
  );
  const own: string[] = [];
  for (const network of networks)
    for (const { nodeId, entry } of await readPilotEntries(db, network)) {
      const version = entry.content?.kind === "ca-set" ? entry.content.version : undefined;
      own.push(`${network} ${nodeId} ${caSetIdOf(entry.entryId)} ${version}`);
    }
  expect(own.toSorted()).toEqual(expected.toSorted());
}

/** Active and told are what the model says, and the same unless one becomes the other; nodes that proved serve what the model has in that version. */
async function checkSets(model: DeploymentModel, world: ModelWorld, index: number): Promise<void> {
  const { db } = world.replica(index).store;
  const active = await db.selectFrom("ca_set_networks").selectAll().execute();
  for (const network of networks) {
    const entries = new Map((await readEntries(db, network)).map((entry) => [entry.entryId, entry]));
    for (const [id, set] of model.sets) {
      const inForce = active.filter((row) => row.ca_set_id === id && row.network === network);
      const expected = set.active.get(network);
      expect(inForce.map(({ active_version }) => active_version)).toEqual(expected === undefined ? [] : [expected]);
      const content = entries.get(caSetEntryId(id))?.content ?? null;
      const told = set.told.get(network);
      if (!set.running.has(network)) expect(told).toBe(expected);
      const fingerprints = told === undefined ? null : fingerprintsOf(set.versions.get(told)?.mask ?? 0);
      expect(content?.kind === "ca-set" ? content.fingerprints : null).toEqual(fingerprints);
    }
  }
}

function fingerprintsOf(mask: number): readonly string[] {
  return membersOf(mask)
    .map(({ fingerprint }) => fingerprint)
    .toSorted();
}

/** One runs where the model has one, and what has ended never changes. */
async function checkActivations(
  model: DeploymentModel,
  world: ModelWorld,
  memory: Memory,
  index: number,
): Promise<void> {
  const rows = await world.replica(index).store.db.selectFrom("activations").selectAll().execute();
  for (const { id, status, failure_reason, modified_at } of rows) {
    const ending = `${status} ${failure_reason} ${modified_at}`;
    if (status === "IN_PROGRESS") expect(memory.endings.has(id), `activation ${id} runs again`).toBe(false);
    else expect(memory.endings.get(id) ?? ending, `activation ${id} ended twice`).toBe(ending);
    if (status !== "IN_PROGRESS") memory.endings.set(id, ending);
  }
  expect([...memory.endings.keys()].filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
  const running = rows.filter(({ status }) => status === "IN_PROGRESS");
  const names = running.map(({ ca_set_id, network, version }) => `${ca_set_id} ${network} ${version}`).toSorted();
  const expected = [...model.sets].flatMap(([id, set]) =>
    [...set.running].map(([network, { version }]) => `${id} ${network} ${version}`),
  );
  expect(names).toEqual(expected.toSorted());
}

/** A version that was ever activated never changes. */
async function checkLocked(world: ModelWorld, memory: Memory, index: number): Promise<void> {
  const rows = await world
    .replica(index)
    .store.db.selectFrom("ca_set_versions")
    .select(["ca_set_id", "version", "content_digest", "locked_at"])
    .execute();
  for (const { ca_set_id, version, content_digest, locked_at } of rows) {
    const name = `${ca_set_id}/${version}`;
    const now = `${content_digest} ${locked_at}`;
    if (memory.locked.has(name)) expect(now, name).toBe(memory.locked.get(name));
    if (locked_at !== null) memory.locked.set(name, now);
  }
}

/** Generations only rise, and no two entries of a network share one. */
async function checkGenerations(world: ModelWorld, memory: Memory, index: number): Promise<void> {
  const rows = await world.replica(index).store.db.selectFrom("manifest_entries").selectAll().execute();
  expect(new Set(rows.map(({ network, generation }) => `${network} ${generation}`)).size).toBe(rows.length);
  for (const { network, entry_id, generation } of rows) {
    const name = `${network} ${entry_id}`;
    expect(generation, name).toBeGreaterThanOrEqual(memory.generations.get(name) ?? 0);
    memory.generations.set(name, generation);
  }
}
