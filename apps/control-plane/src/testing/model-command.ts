import { networks } from "@tcm/core";
import * as fc from "fast-check";
import type { NodeReport } from "../operations/activations/record-reports.ts";
import type { DeploymentModel, ModelSet } from "./deployment-model.ts";
import { checkInvariants, type Memory } from "./model-invariants.ts";
import type { ModelWorld } from "./model-world.ts";

export type Real = { readonly world: ModelWorld; readonly memory: Memory; readonly stale: NodeReport[] };

export type Command = fc.AsyncCommand<DeploymentModel, Real>;

/** Every command ends with all invariants. `pick`s choose among what there is, so that shrinking keeps them meaningful. */
export function command(
  name: string,
  replica: number,
  run: (model: DeploymentModel, real: Real) => Promise<void>,
): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await checkInvariants(model, real.world, real.memory, replica + 1);
    },
    toString: () => name,
  };
}

export type Target = { readonly id: number; readonly set: ModelSet; readonly version: number };

export function pickTarget(model: DeploymentModel, pick: number): Target | undefined {
  const all = [...model.sets].flatMap(([id, set]) => [...set.versions.keys()].map((version) => ({ id, set, version })));
  return all[pick % Math.max(all.length, 1)];
}

export function pickSet(model: DeploymentModel, pick: number): readonly [number, ModelSet] | undefined {
  return [...model.sets][pick % Math.max(model.sets.size, 1)];
}

export const pick = fc.nat({ max: 20 });
export const replica = fc.nat({ max: 1 });
export const mask = fc.integer({ min: 1, max: 15 });
export const network = fc.constantFrom(...networks);
/** Of a deployment with one node first; undefined: to all at once. */
export const observation = fc.constantFrom(undefined, undefined, 0, 30_000);
