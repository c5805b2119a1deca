import type { Network, SignedManifestEntry } from "@tcm/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { drainNode } from "../operations/edge-nodes/drain-node.ts";
import { type NodeReport, recordHello, recordReports } from "../operations/activations/record-reports.ts";
import { caSetIdOf } from "../operations/versions/version-content.ts";
import { admin } from "./deployment-harness.ts";
import type { DeploymentModel, ModelSet } from "./deployment-model.ts";
import { type Command, command, pick, replica } from "./model-command.ts";
import type { ModelNode, Mood } from "./model-node.ts";
import { learnDeletions } from "./model-set-commands.ts";
import type { ModelWorld } from "./model-world.ts";

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

export const talks = (name: string, mood: Mood): fc.Arbitrary<Command> =>
  fc.tuple(replica, pick).map(([r, n]) =>
    command(`node ${n} ${name} at ${r}`, r, async (model, { world, stale }) => {
      const node = world.nodes[n % world.nodes.length];
      if (node !== undefined) await talk(model, world, stale, { r, node, mood });
    }),
  );

type Talk = { readonly r: number; readonly node: ModelNode; readonly mood: Mood };

export async function talk(
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

export const hellos = fc.tuple(replica, pick).map(([r, n]) =>
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

export const lateReports = fc.tuple(replica, pick).map(([r, p]) =>
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

export const losses = fc
  .tuple(replica, pick)
  .map(([r, n]) =>
    command(`node ${n} loses its disk`, r, async (_model, { world }) =>
      world.nodes[n % world.nodes.length]?.loseDisk(),
    ),
  );

export const drains = fc.tuple(replica, pick).map(([r, n]) =>
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
