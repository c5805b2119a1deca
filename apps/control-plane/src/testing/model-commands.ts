import type { ActivationView } from "@tcm/api-contract";
import { type Network, networks, type SignedManifestEntry } from "@tcm/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { keyInUse } from "../keys/signing-keys.ts";
import { keySuccession } from "../keys/succeed-key.ts";
import { activateVersion } from "../operations/activate-version.ts";
import { cancelActivation, excludeNode } from "../operations/change-activation.ts";
import { createCaSet } from "../operations/create-ca-set.ts";
import { createVersion } from "../operations/create-version.ts";
import { deactivateVersion } from "../operations/deactivate-version.ts";
import { deleteCaSet } from "../operations/delete-ca-set.ts";
import { deleteVersion } from "../operations/delete-version.ts";
import { drainNode } from "../operations/drain-node.ts";
import { type NodeReport, recordHello, recordReports } from "../operations/record-reports.ts";
import { rotateSigningKey } from "../operations/rotate-signing-key.ts";
import { settleDeletions } from "../operations/settle-deletion.ts";
import { settleOverdue } from "../operations/settle-overdue.ts";
import { updateVersion } from "../operations/update-version.ts";
import { caSetIdOf } from "../operations/version-content.ts";
import { admin, deadlineMs } from "./deployment-harness.ts";
import { DeploymentModel, type ModelPilot, type ModelSet } from "./deployment-model.ts";
import { checkInvariants, type Memory, newMemory } from "./model-invariants.ts";
import type { ModelNode, Mood } from "./model-node.ts";
import { membersOf, ModelWorld } from "./model-world.ts";

export type Real = { readonly world: ModelWorld; readonly memory: Memory; readonly stale: NodeReport[] };

type Command = fc.AsyncCommand<DeploymentModel, Real>;

/** Every command ends with all invariants. `pick`s choose among what there is, so that shrinking keeps them meaningful. */
function command(name: string, replica: number, run: (model: DeploymentModel, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await checkInvariants(model, real.world, real.memory, replica + 1);
    },
    toString: () => name,
  };
}

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

type Target = { readonly id: number; readonly set: ModelSet; readonly version: number };

function pickTarget(model: DeploymentModel, pick: number): Target | undefined {
  const all = [...model.sets].flatMap(([id, set]) => [...set.versions.keys()].map((version) => ({ id, set, version })));
  return all[pick % Math.max(all.length, 1)];
}

function pickSet(model: DeploymentModel, pick: number): readonly [number, ModelSet] | undefined {
  return [...model.sets][pick % Math.max(model.sets.size, 1)];
}

const certificates = (mask: number) => membersOf(mask).map(({ pem }) => ({ certificatePem: pem }));
const request = (mask: number) => ({ requireRootCertificate: false, certificates: certificates(mask) });

const pick = fc.nat({ max: 20 });
const replica = fc.nat({ max: 1 });
const mask = fc.integer({ min: 1, max: 15 });
const network = fc.constantFrom(...networks);
/** Of a deployment with one node first; undefined: to all at once. */
const observation = fc.constantFrom(undefined, undefined, 0, 30_000);

const creates = fc
  .tuple(replica, mask)
  .map(([r, m]) => command(`create set with ${m} at ${r}`, r, async (model, { world }) => addSet(model, world, r, m)));

async function addSet(model: DeploymentModel, world: ModelWorld, r: number, m: number): Promise<void> {
  const caSetName = `set-${model.sets.size + 1}`;
  const created = await createCaSet(world.replica(r).context, admin, { caSetName, description: null });
  if (!created.ok) throw new Error("a new name was refused");
  const id = Number(created.value.caSetId);
  model.addSet(id);
  await addVersion(model, world, r, id, m);
}

async function addVersion(model: DeploymentModel, world: ModelWorld, r: number, id: number, m: number): Promise<void> {
  const set = model.sets.get(id);
  if (set === undefined) return;
  const isThere = [...set.versions.values()].some((version) => version.mask === m && !version.isDeleted);
  const made = await createVersion(world.replica(r).context, admin, id, request(m));
  expect(made.ok).toBe(!set.isDeleted && !isThere);
  if (!made.ok) return;
  expect(set.versions.has(made.value.version)).toBe(false);
  set.versions.set(made.value.version, { mask: m, isLocked: false, isDeleted: false });
}

const versions = fc.tuple(replica, pick, mask).map(([r, p, m]) =>
  command(`add version ${m} to ${p} at ${r}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    if (found !== undefined) await addVersion(model, world, r, found[0], m);
  }),
);

const edits = fc.tuple(replica, pick, mask).map(([r, p, m]) =>
  command(`edit ${p} to ${m} at ${r}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target === undefined) return;
    const { id, set, version } = target;
    const edited = await updateVersion(world.replica(r).context, admin, id, version, {
      request: request(m),
      ifMatch: undefined,
    });
    expect(edited.ok).toBe(model.mayEdit(set, version));
    const before = set.versions.get(version);
    if (edited.ok && before !== undefined) before.mask = m;
  }),
);

const activations = fc.tuple(replica, pick, network, observation).map(([r, p, on, observationMs]) =>
  command(`activate ${p} on ${on} at ${r}, one node first: ${observationMs}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target !== undefined) await activate(model, world, r, { ...target, on, observationMs });
  }),
);

/** Whatever runs on the network, if anything does, is to give way to what was there before. */
const rollBacks = fc.tuple(replica, pick, network).map(([r, p, on]) =>
  command(`roll back ${p} on ${on} at ${r}`, r, async (model, { world }) => {
    const [id, set] = pickSet(model, p) ?? [];
    const version = set?.running.get(on)?.previous;
    if (id !== undefined && set !== undefined && version !== undefined)
      await activate(model, world, r, { id, set, version, on, observationMs: undefined });
  }),
);

async function activate(
  model: DeploymentModel,
  world: ModelWorld,
  r: number,
  {
    id,
    set,
    version,
    on,
    observationMs,
  }: Target & { readonly on: Network; readonly observationMs: number | undefined },
): Promise<void> {
  const isAllowed = model.mayActivate(set, version, on);
  const before = world.announcements;
  const wish = { version, network: on, ...oneNodeFirst(observationMs) };
  const begun = await activateVersion(world.replica(r).context, admin, id, wish);
  expect(begun.ok, JSON.stringify(begun)).toBe(isAllowed);
  expect(world.announcements > before).toBe(isAllowed);
  if (begun.ok) model.begin(set, { version, target: version, pilot: pilotOf(model, on, begun.value) }, on);
}

function oneNodeFirst(observationMs: number | undefined) {
  return observationMs === undefined ? {} : { oneNodeFirst: { observationMs, maxRefusals: 0 } };
}

/** Which node goes first hangs on who is connected where: it is one of those expected, and the rest is learnt. */
function pilotOf(model: DeploymentModel, on: Network, { oneNodeFirst: first }: ActivationView): ModelPilot | undefined {
  if (first === undefined) return undefined;
  expect(model.expected(on)).toContain(first.nodeId);
  return { nodeId: first.nodeId, observationMs: first.observationSeconds * 1_000, provedAt: undefined };
}

const deactivations = fc.tuple(replica, pick, network, observation).map(([r, p, on, observationMs]) =>
  command(`deactivate ${p} on ${on} at ${r}, one node first: ${observationMs}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    const version = found?.[1].active.get(on) ?? found?.[1].versions.keys().next().value;
    if (found === undefined || version === undefined) return;
    const isAllowed = model.mayDeactivate(found[1], version, on);
    const wish = { version, network: on, ...oneNodeFirst(observationMs) };
    const begun = await deactivateVersion(world.replica(r).context, admin, found[0], wish);
    expect(begun.ok, JSON.stringify(begun)).toBe(isAllowed);
    if (begun.ok) model.begin(found[1], { version, target: undefined, pilot: pilotOf(model, on, begun.value) }, on);
  }),
);

/** The ids of what runs, as an operator would name it. */
async function runningIds(world: ModelWorld, r: number, caSetId: number, on: Network) {
  const { db } = world.replica(r).store;
  const row = await db
    .selectFrom("activations")
    .select(["id", "version"])
    .where("ca_set_id", "=", caSetId)
    .where("network", "=", on)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row === undefined ? undefined : { caSetId, version: row.version, activationId: row.id };
}

const cancels = fc.tuple(replica, pick, network).map(([r, p, on]) =>
  command(`cancel ${p} on ${on} at ${r}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    const ids = found && (await runningIds(world, r, found[0], on));
    if (found === undefined || ids === undefined) return;
    const isAllowed = found[1].running.has(on) && !found[1].versions.get(ids.version)?.isDeleted;
    const cancelled = await cancelActivation(world.replica(r).context, admin, ids);
    expect(cancelled.ok, JSON.stringify(cancelled)).toBe(isAllowed);
    if (isAllowed) model.cancel(found[1], on);
  }),
);

const exclusions = fc.tuple(replica, pick, pick).map(([r, p, n]) =>
  command(`exclude node ${n} from ${p} at ${r}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    const node = world.nodes[n % world.nodes.length];
    if (found === undefined || node === undefined) return;
    const ids = await runningIds(world, r, found[0], node.network);
    if (ids === undefined) return;
    const isAllowed = found[1].running.get(node.network)?.states.has(node.nodeId) === true;
    const excluded = await excludeNode(world.replica(r).context, admin, ids, node.nodeId);
    expect(excluded.ok, JSON.stringify(excluded)).toBe(isAllowed);
    model.note(found[1], node.network, node.nodeId, "excluded");
    if (isAllowed) model.settle(found[1], node.network);
  }),
);

const versionDeletions = fc.tuple(replica, pick).map(([r, p]) =>
  command(`delete version ${p} at ${r}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target === undefined) return;
    const { id, set, version } = target;
    const isAllowed = model.mayDeleteVersion(set, version);
    const deleted = await deleteVersion(world.replica(r).context, admin, id, version);
    expect(deleted.ok, JSON.stringify(deleted)).toBe(isAllowed);
    const before = set.versions.get(version);
    if (isAllowed && before !== undefined) before.isDeleted = true;
  }),
);

const setDeletions = fc.tuple(replica, pick).map(([r, p]) =>
  command(`delete set ${p} at ${r}`, r, async (model, { world }) => {
    const found = pickSet(model, p);
    if (found === undefined) return;
    const isAllowed = model.mayDelete(found[1]);
    const deleted = await deleteCaSet(world.replica(r).context, admin, found[0]);
    expect(deleted.ok, JSON.stringify(deleted)).toBe(isAllowed);
    if (isAllowed) await learnDeletions(model, world, r);
  }),
);

/** A deletion that fails gives the set back; whether it does is the business of its own tests, and only learnt here. */
async function learnDeletions(model: DeploymentModel, world: ModelWorld, r: number): Promise<void> {
  const rows = await world.replica(r).store.db.selectFrom("ca_sets").select(["id", "status"]).execute();
  for (const { id, status } of rows) {
    const set = model.sets.get(id);
    if (set !== undefined) set.isDeleted = status !== "NOT_DELETED";
  }
}

/** Whatever is said of the generation that a running deployment wrote counts; the operations settle once for all of it. */
async function noteReports(model: DeploymentModel, world: ModelWorld, r: number, reports: readonly NodeReport[]) {
  const touched = new Map<ModelSet, Network>();
  const { db } = world.replica(r).store;
  const running = await db.selectFrom("activations").selectAll().where("status", "=", "IN_PROGRESS").execute();
  for (const { node, report } of reports) {
    const id = caSetIdOf(report.entryId) ?? 0;
    const set = model.sets.get(id);
    const row = running.find((one) => one.ca_set_id === id && one.network === node.network);
    if (set === undefined || row?.generation !== report.generation.number) continue;
    const isLie = report.state !== "rejected" && /^0+$/.test(report.digest);
    model.note(set, node.network, node.nodeId, isLie ? "rejected" : report.state);
    touched.set(set, node.network);
  }
  return touched;
}

const talks = (name: string, mood: Mood): fc.Arbitrary<Command> =>
  fc.tuple(replica, pick).map(([r, n]) =>
    command(`node ${n} ${name} at ${r}`, r, async (model, { world, stale }) => {
      const node = world.nodes[n % world.nodes.length];
      if (node !== undefined) await talk(model, world, stale, { r, node, mood });
    }),
  );

type Talk = { readonly r: number; readonly node: ModelNode; readonly mood: Mood };

async function talk(
  model: DeploymentModel,
  world: ModelWorld,
  stale: NodeReport[],
  { r, node, mood }: Talk,
): Promise<void> {
  const announced = await world.announced(r, node);
  const mayBeAhead = ({ entry }: SignedManifestEntry): boolean =>
    model.sets.get(caSetIdOf(entry.entryId) ?? 0)?.own.has(node.network) === true;
  const reports = announced.flatMap((entry) => node.take(entry, mood, mayBeAhead(entry)) ?? []);
  const touched = await noteReports(model, world, r, reports);
  await recordReports(world.replica(r).context, reports);
  for (const [set, on] of touched) model.settle(set, on);
  await learnDeletions(model, world, r);
  stale.push(...reports);
}

const hellos = fc.tuple(replica, pick).map(([r, n]) =>
  command(`node ${n} comes back to ${r}`, r, async (model, { world }) => {
    const node = world.nodes[n % world.nodes.length];
    if (node === undefined) return;
    const entries = [...node.account()];
    const reports = entries.map((report) => ({ node, report }));
    const touched = await noteReports(model, world, r, reports);
    const { nodeId, network: on } = node;
    const engine = { engine: "model", engineVersion: "1", highestLevel: "verified", address: "127.0.0.1:1" } as const;
    const hello = { type: "hello", protocolVersion: 1, nodeId, network: on, entries, ...engine } as const;
    await recordHello(world.replica(r).context, node, hello);
    for (const [set] of touched) model.settle(set, on);
    await learnDeletions(model, world, r);
  }),
);

const lateReports = fc.tuple(replica, pick).map(([r, p]) =>
  command(`a report comes ${p} late at ${r}`, r, async (_model, { world, stale }) => {
    const late = stale.at(-1 - p);
    const current =
      late && world.nodes.find(({ nodeId }) => nodeId === late.node.nodeId)?.held.get(late.report.entryId);
    // Of an earlier generation than the node holds: nothing may come of it.
    if (late === undefined || current === undefined || current.generation.number <= late.report.generation.number)
      return;
    await recordReports(world.replica(r).context, [late]);
  }),
);

const losses = fc
  .tuple(replica, pick)
  .map(([r, n]) =>
    command(`node ${n} loses its disk`, r, async (_model, { world }) =>
      world.nodes[n % world.nodes.length]?.loseDisk(),
    ),
  );

const crashes = replica.map((r) => command(`${r} crashes`, r, (_model, { world }) => world.crash(r)));

const deaths = fc.tuple(replica, pick, network).map(([r, p, on]) =>
  command(`${r} dies while it activates ${p} on ${on}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target === undefined) return;
    const before = world.announcements;
    const dying = activateVersion(world.dying(r), admin, target.id, { version: target.version, network: on });
    await dying.catch(() => undefined);
    expect(world.announcements).toBe(before);
    await world.crash(r);
  }),
);

const rotations = fc.tuple(replica, network, fc.boolean()).map(([r, on, dies]) =>
  command(`${r} rotates the key of ${on}${dies ? ", and dies" : ""}`, r, async (_model, { world }) => {
    const { store, context } = world.replica(r);
    const before = await keyInUse(store.db, on);
    const working = dies ? world.dying(r) : context;
    const rotating = rotateSigningKey({ ...working, succeedKey: keySuccession(world.operatorKey) }, admin, on);
    await (dies ? rotating.catch(() => undefined) : rotating);
    const after = await keyInUse(store.db, on);
    expect(after?.key_id === before?.key_id).toBe(dies);
  }),
);

const drains = fc.tuple(replica, pick).map(([r, n]) =>
  command(`node ${n} is drained, or taken back, at ${r}`, r, async (model, { world }) => {
    const node = world.nodes[n % world.nodes.length];
    if (node === undefined) return;
    const { nodeId, network: on } = node;
    const isDrained = model.drained.has(nodeId);
    const changed = await drainNode(world.replica(r).context, admin, nodeId, !isDrained);
    expect(changed.ok, JSON.stringify(changed)).toBe(true);
    if (isDrained) model.drained.delete(nodeId);
    else model.drain(nodeId, on);
    await learnDeletions(model, world, r);
  }),
);

const waits = fc.tuple(replica, fc.constantFrom(-3_600_000, 1_000, 30_000, deadlineMs / 2, deadlineMs)).map(([r, ms]) =>
  command(`${ms} ms pass`, r, async (model, { world }) => {
    world.clock.advance(ms);
    await sweep(model, world, r);
  }),
);

async function sweep(model: DeploymentModel, world: ModelWorld, r: number): Promise<void> {
  const { context } = world.replica(r);
  await settleOverdue(context);
  await settleDeletions(context);
  for (const set of model.sets.values()) for (const on of networks) model.settle(set, on);
  await learnDeletions(model, world, r);
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
