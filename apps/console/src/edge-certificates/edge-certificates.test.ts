import { ApiProblem, type EdgeNodeView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { readHostnames } from "./hostnames.ts";
import { openingsOf } from "./openings.ts";
import { progressText } from "./progress-text.ts";
import { unbindingNetworks, unbindingPercent } from "./unbinding.ts";

test.each([
  ["a.example\nb.example", ["a.example", "b.example"]],
  [" A.example, b.example ,a.EXAMPLE\n\n", ["a.example", "b.example"]],
  ["  ", []],
])("hostnames are read from %j", (text, hostnames) => {
  expect(readHostnames(text)).toEqual(hostnames);
});

test("what a change opens is what the server says, and no other problem", () => {
  const body = { title: "t", detail: "api.example is bound to no set.", status: 409, instance: "/i" };
  expect(openingsOf(new ApiProblem({ ...body, type: "/x/confirmation-required" }))).toBe(body.detail);
  expect(openingsOf(new ApiProblem({ ...body, type: "/x/precondition-failed" }))).toBeUndefined();
  expect(openingsOf(new Error("x"))).toBeUndefined();
});

test.each([
  ["COMPLETE", 100, "complete"],
  ["IN_PROGRESS", 40, "40 %"],
  ["REJECTED", 50, "rejected by a node"],
] as const)("a deployment that is %s is told", (status, percentComplete, text) => {
  expect(progressText({ status, percentComplete, generation: "1.1" })).toBe(text);
});

describe("hostnames that were unbound are let go node by node", () => {
  const entry = { expectedGeneration: "1.9", reportedGeneration: "1.8", state: "verified", code: null, detail: null };
  const node = (nodeId: string, network: "STAGING" | "PRODUCTION", entryIds: readonly string[], drained = false) =>
    ({
      nodeId,
      network,
      drained,
      isConnected: true,
      entries: entryIds.map((entryId) => ({ ...entry, entryId, isDrifted: true })),
    }) as unknown as EdgeNodeView;
  const nodes = [
    node("s1", "STAGING", ["edge-certificate/7"]),
    node("s2", "STAGING", []),
    node("s3", "STAGING", ["edge-certificate/8"]),
    node("s4", "STAGING", ["edge-certificate/7"], true),
    node("p1", "PRODUCTION", []),
  ];

  test("a node that is told of them still is left, and a drained one is not waited for", () => {
    const [staging, production] = unbindingNetworks(nodes, 7);
    expect([staging?.nodes, staging?.left.map(({ nodeId }) => nodeId)]).toEqual([3, ["s1"]]);
    expect([production?.nodes, production?.left]).toEqual([1, []]);
  });

  test("it is not all of it before every node has shown it, and a network without nodes waits for nobody", () => {
    expect(unbindingNetworks(nodes, 7).map(unbindingPercent)).toEqual([66, 100]);
    expect(unbindingPercent({ network: "STAGING", nodes: 0, left: [] })).toBe(100);
  });
});
