import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf } from "../testing/api-client.ts";
import { ControlPlaneHarness } from "../testing/control-plane-harness.ts";

let plane: ControlPlaneHarness;
beforeAll(async () => (plane = await ControlPlaneHarness.start()));
afterAll(() => plane.remove());

const certificatePem = testPki().root("Plain Root").pem;

describe("what does not fit is said in words that need no knowledge of the program", () => {
  test.each([
    [{}, "/certificates", "It is missing; it has to be an array."],
    [{ certificates: "x" }, "/certificates", "It has to be an array, and is a string."],
    [{ certificates: [] }, "/certificates", "It has to have at least 1 items."],
    [
      { certificates: [{ certificatePem: 7 }] },
      "/certificates/0/certificatePem",
      "It has to be a string, and is a number.",
    ],
    [{ certificates: [{ certificatePem }], colour: "red" }, "/colour", 'Unknown field "colour".'],
  ])("%j", async (body, pointer, message) => {
    const problem = problemOf(await plane.ask("POST", "/certificates/validate", { body }));
    expect([problem.pointer, problem.contextInfo?.["message"]]).toEqual([pointer, message]);
    expect(problem.detail).toContain(message);
  });
});
