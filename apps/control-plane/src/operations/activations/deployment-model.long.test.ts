import { describe, test } from "vitest";
import { runModel } from "../../testing/run-model.ts";

/** More in a full run. */
const stories = Number(process.env["TCM_MODEL_RUNS"] ?? 150);

describe("deployments do what the model says, whatever is done to them", () => {
  test(`${stories} long stories`, async () => {
    await runModel(stories, 80);
  });
});
