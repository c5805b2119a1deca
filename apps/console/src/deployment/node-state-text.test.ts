import { expect, test } from "vitest";
import { nodesInOrder, nodeStateText, noNodesSentence, type NodeView, progressSentence } from "./node-state-text.ts";

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
const excludedDate = "2026-01-01T00:00:00Z";

test.each<[Partial<NodeView>, string, string]>([
  [{}, "expected", "grey"],
  [{ state: "delivered" }, "delivered", "blue"],
  [{ state: "applied" }, "applied", "blue"],
  [{ state: "applied", requiredLevel: "applied" }, "applied", "green"],
  [{ state: "verified" }, "verified", "green"],
  [{ state: "rejected" }, "rejected", "red"],
  [{ state: "rejected", excludedDate }, "excluded", "grey"],
])("a node with %j is %s", (change, word, color) => {
  expect(nodeStateText(node(change))).toMatchObject({ word, color });
});

test("the engine's own words come before ours, with the code by which others find the same", () => {
  const said = (change: Partial<NodeView>) => nodeStateText(node(change)).sentence;
  expect(said({ state: "verified", detail: "3 anchors read back" })).toBe("3 anchors read back");
  expect(said({ state: "rejected", code: "engine-rejected" })).toBe("engine-rejected");
  expect(said({ state: "rejected", code: "engine-rejected", detail: "no memory" })).toBe("engine-rejected: no memory");
  expect(said({ excludedDate, excludedBy: "ann" })).toBe("Taken out by ann; not counted.");
});

test("the one that goes first is above those that need somebody, and these above those that are done", () => {
  const nodes = [
    node({ nodeId: "excluded", state: "rejected", excludedDate }),
    node({ nodeId: "done", state: "applied", requiredLevel: "applied" }),
    node({ nodeId: "n10", state: "delivered" }),
    node({ nodeId: "n9", state: "delivered" }),
    node({ nodeId: "first", state: "verified", goesFirst: true }),
    node({ nodeId: "rejects", state: "rejected" }),
    node({ nodeId: "away" }),
  ];
  expect(nodesInOrder(nodes).map(({ nodeId }) => nodeId)).toEqual([
    "first",
    "rejects",
    "away",
    "n9",
    "n10",
    "done",
    "excluded",
  ]);
});

test("all of them in one sentence", () => {
  const [verified, rejected, away] = [node({ state: "verified" }), node({ state: "rejected" }), node({})];
  expect(progressSentence([verified])).toBe("1 of 1 node has proved it.");
  expect(progressSentence([verified, verified, rejected, away, node({ excludedDate })])).toBe(
    "2 of 4 nodes have proved it, 1 has rejected it, 1 is waited for, 1 not counted.",
  );
});

test("a deployment without nodes had none, or is so old that they are forgotten", () => {
  expect(noNodesSentence(false)).toMatch(/has no edge nodes/);
  expect(noNodesSentence(true)).toMatch(/is kept for 30 days/);
});
