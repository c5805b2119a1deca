import type { EdgeNodeView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { conditionOf, nodeRows } from "./node-rows.ts";

function node(nodeId: string, change: Partial<EdgeNodeView> = {}): EdgeNodeView {
  return {
    nodeId,
    network: "STAGING",
    engine: "built-in",
    isConnected: true,
    isDrifted: false,
    drained: false,
    ...change,
  } as EdgeNodeView;
}

describe("the list of nodes", () => {
  test.each<[Partial<EdgeNodeView>, string]>([
    [{}, "serving"],
    [{ isDrifted: true }, "behind"],
    [{ isConnected: false }, "away"],
    [{ isConnected: false, isDrifted: true }, "away"],
    [{ isConnected: false, drained: true }, "drained"],
  ])("a node with %j is %s", (change, condition) => {
    expect(conditionOf(node("a", change))).toBe(condition);
  });

  test("those that need somebody come first", () => {
    const nodes = [
      node("d", { drained: true }),
      node("s2"),
      node("s1"),
      node("b", { isDrifted: true }),
      node("a", { isConnected: false }),
    ];
    expect(nodeRows(nodes, "").map(({ nodeId }) => nodeId)).toEqual(["a", "b", "s1", "s2", "d"]);
  });

  test.each([
    ["PROD", ["p"]],
    ["haproxy", ["h"]],
    ["", ["h", "p"]],
    ["nothing", []],
  ])("is filtered by %j", (words, ids) => {
    const nodes = [node("h", { engine: "haproxy" }), node("p", { network: "PRODUCTION" })];
    expect(nodeRows(nodes, words).map(({ nodeId }) => nodeId)).toEqual(ids);
  });
});
