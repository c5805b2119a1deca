import { describe, test } from "vitest";
import { runModel } from "../../testing/run-model.ts";

describe("deployments do what the model says, whatever is done to them", () => {
  test("a few short stories", async () => {
    await runModel(12, 40);
  });
});
