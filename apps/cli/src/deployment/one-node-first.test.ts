import { describe, expect, test } from "vitest";
import { CommandFailure } from "../command-failure.ts";
import { strategyOf } from "./one-node-first.ts";

describe("a deployment goes to all nodes at once unless one is to go first", () => {
  test("nothing is added to the request where nothing was asked for", () => {
    expect(strategyOf({})).toEqual({});
  });

  test.each([
    [{ oneNodeFirst: true }, { strategy: "ONE_NODE_FIRST" }],
    [
      { oneNodeFirst: true, observe: 0, maxRefused: 5 },
      { strategy: "ONE_NODE_FIRST", observationSeconds: 0, maxRefusedClients: 5 },
    ],
  ] as const)("%j", (options, request) => expect(strategyOf(options)).toEqual(request));

  test.each([{ observe: 5 }, { maxRefused: 5 }])("%j alone is a mistake", (options) => {
    expect(() => strategyOf(options)).toThrow(CommandFailure);
  });
});
