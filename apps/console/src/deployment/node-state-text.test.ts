import { expect, test } from "vitest";
import { type NodeView, nodeStateText } from "./node-state-text.ts";

function node(change: Partial<NodeView>): NodeView {
  const nothing = {
    code: null,
    detail: null,
    excludedDate: null,
    excludedBy: null,
    modifiedDate: "2026-01-01T00:00:00Z",
  };
  return { nodeId: "a", state: "expected", requiredLevel: "verified", ...nothing, ...change };
}

test.each<[Partial<NodeView>, string, string]>([
  [{}, "expected", "grey"],
  [{ state: "delivered" }, "delivered", "blue"],
  [{ state: "applied" }, "applied", "blue"],
  [{ state: "applied", requiredLevel: "applied" }, "applied", "green"],
  [{ state: "verified" }, "verified", "green"],
  [{ state: "rejected" }, "rejected", "red"],
  [{ state: "rejected", excludedDate: "2026-01-01T00:00:00Z" }, "excluded", "grey"],
])("a node with %j is %s", (change, word, color) => {
  expect(nodeStateText(node(change))).toMatchObject({ word, color });
});

test("the engine's own words come before ours", () => {
  expect(nodeStateText(node({ state: "verified", detail: "3 anchors read back" })).sentence).toBe(
    "3 anchors read back",
  );
  expect(nodeStateText(node({ state: "rejected", code: "engine-rejected" })).sentence).toBe("engine-rejected");
});
