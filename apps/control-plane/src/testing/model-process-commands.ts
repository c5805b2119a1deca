import { networks } from "@tcm/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { keyInUse } from "../keys/signing-keys.ts";
import { keySuccession } from "../keys/succeed-key.ts";
import { rotateSigningKey } from "../operations/signing-keys/rotate-signing-key.ts";
import { settleDeletions } from "../operations/ca-sets/settle-deletion.ts";
import { settleOverdue } from "../operations/activations/settle-overdue.ts";
import { admin, deadlineMs } from "./deployment-harness.ts";
import type { DeploymentModel } from "./deployment-model.ts";
import { command, network, replica } from "./model-command.ts";
import { learnDeletions } from "./model-set-commands.ts";
import type { ModelWorld } from "./model-world.ts";

export const crashes = replica.map((r) => command(`${r} crashes`, r, (_model, { world }) => world.crash(r)));

export const rotations = fc.tuple(replica, network, fc.boolean()).map(([r, on, dies]) =>
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

export const waits = fc
  .tuple(replica, fc.constantFrom(-3_600_000, 1_000, 30_000, deadlineMs / 2, deadlineMs))
  .map(([r, ms]) =>
    command(`${ms} ms pass`, r, async (model, { world }) => {
      world.clock.advance(ms);
      await sweep(model, world, r);
    }),
  );

export async function sweep(model: DeploymentModel, world: ModelWorld, r: number): Promise<void> {
  const { context } = world.replica(r);
  await settleOverdue(context);
  await settleDeletions(context);
  for (const set of model.sets.values()) for (const on of networks) model.settle(set, on);
  await learnDeletions(model, world, r);
}
