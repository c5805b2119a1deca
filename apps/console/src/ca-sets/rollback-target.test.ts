import type { ActivationView } from "@tcm/api-contract";
import { expect, test } from "vitest";
import { rollbackTarget } from "./rollback-target.ts";

function activation(version: number, change: Partial<ActivationView> = {}): ActivationView {
  return {
    version,
    network: "STAGING",
    activationType: "ACTIVATE",
    activationStatus: "COMPLETE",
    ...change,
  } as ActivationView;
}

test.each<[string, readonly ActivationView[], number | undefined]>([
  ["the version before", [activation(3), activation(2), activation(1)], 2],
  ["not a version that failed", [activation(3), activation(2, { activationStatus: "FAILED" }), activation(1)], 1],
  ["not a version of another network", [activation(3), activation(2, { network: "PRODUCTION" }), activation(1)], 1],
  ["not the same version again", [activation(3), activation(3), activation(1)], 1],
  ["not a withdrawal", [activation(3), activation(2, { activationType: "DEACTIVATE" })], undefined],
  ["nothing after the first deployment", [activation(3)], undefined],
  ["nothing without any", [], undefined],
])("the way back is %s", (_name, activations, version) => {
  expect(rollbackTarget(activations, "STAGING", 3)).toBe(version);
});
