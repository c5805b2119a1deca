import type { ActivationView } from "@tcm/api-contract";
import type { Network } from "@tcm/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { activateVersion } from "../operations/activations/activate-version.ts";
import { cancelActivation, excludeNode } from "../operations/activations/change-activation.ts";
import { deactivateVersion } from "../operations/activations/deactivate-version.ts";
import { admin } from "./deployment-harness.ts";
import type { DeploymentModel, ModelPilot } from "./deployment-model.ts";
import { command, network, observation, pick, pickSet, pickTarget, replica, type Target } from "./model-command.ts";
import type { ModelWorld } from "./model-world.ts";

export const activations = fc.tuple(replica, pick, network, observation).map(([r, p, on, observationMs]) =>
  command(`activate ${p} on ${on} at ${r}, one node first: ${observationMs}`, r, async (model, { world }) => {
    const target = pickTarget(model, p);
    if (target !== undefined) await activate(model, world, r, { ...target, on, observationMs });
  }),
);

/** Whatever runs on the network, if anything does, is to give way to what was there before. */
export const rollBacks = fc.tuple(replica, pick, network).map(([r, p, on]) =>
  command(`roll back ${p} on ${on} at ${r}`, r, async (model, { world }) => {
    const [id, set] = pickSet(model, p) ?? [];
    const version = set?.running.get(on)?.previous;
    if (id !== undefined && set !== undefined && version !== undefined)
      await activate(model, world, r, { id, set, version, on, observationMs: undefined });
  }),
);

export async function activate(
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

export const deactivations = fc.tuple(replica, pick, network, observation).map(([r, p, on, observationMs]) =>
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

export const cancels = fc.tuple(replica, pick, network).map(([r, p, on]) =>
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

export const exclusions = fc.tuple(replica, pick, pick).map(([r, p, n]) =>
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

export const deaths = fc.tuple(replica, pick, network).map(([r, p, on]) =>
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
