import { describe, expect, test } from "vitest";
import type { Activation, ExpectedNode } from "./activation.ts";
import { choosePilot, decidePilot, type Pilot } from "./decide-pilot.ts";

const deadline = 1_000_000;
const begin = 100_000;
const activation: Activation = {
  type: "ACTIVATE",
  network: "PRODUCTION",
  status: "IN_PROGRESS",
  deadline,
  removesTrustOnly: false,
};
const pilot: Pilot = {
  nodeId: "a",
  observationMs: 30_000,
  provedAt: undefined,
  isReleased: false,
  refusals: 0,
  saidBy: [],
  unknownRefusals: 0,
  isUncounted: false,
  maxRefusals: 0,
};

type State = ExpectedNode["state"] | "excluded";

function node(nodeId: string, state: State): ExpectedNode {
  const isExcluded = state === "excluded";
  const detail = state === "rejected" ? "it does not like it" : undefined;
  return { nodeId, requiredLevel: "verified", state: isExcluded ? "expected" : state, detail, isExcluded };
}

const fleet = (a: State, b: State = "expected", c: State = "expected") => [node("a", a), node("b", b), node("c", c)];

type Changes = {
  readonly pilot?: Partial<Pilot>;
  readonly now?: number;
  readonly removal?: true;
  readonly inForce?: true;
};

function decide(nodes: readonly ExpectedNode[], { pilot: changes, now = begin, removal, inForce }: Changes = {}) {
  const about = { ...activation, removesTrustOnly: removal === true, isInForce: inForce === true };
  return decidePilot(about, { ...pilot, ...changes }, nodes, now);
}

describe("one node goes first, and the rest follow when it has shown what the change does", () => {
  test.each<[string, readonly ExpectedNode[], Changes, string]>([
    ["nothing heard of the first", fleet("expected"), {}, "wait"],
    ["the first has applied it, and can prove more", fleet("applied"), {}, "wait"],
    ["the first has proved it", fleet("verified"), {}, "observe"],
    ["a millisecond before its time is over", fleet("verified"), { pilot: { provedAt: begin }, now: 129_999 }, "wait"],
    ["its time is over", fleet("verified"), { pilot: { provedAt: begin }, now: 130_000 }, "release"],
    ["no time at all", fleet("verified"), { pilot: { provedAt: begin, observationMs: 0 } }, "release"],
    ["the clock was put back", fleet("verified"), { pilot: { provedAt: begin }, now: begin - 3_600_000 }, "wait"],
    ["over at the deadline itself", fleet("verified"), { pilot: { provedAt: 970_000 }, now: deadline }, "release"],
    ["the rest are told", fleet("verified", "applied"), { pilot: { isReleased: true } }, "wait"],
    ["all have proved it", fleet("verified", "verified", "verified"), { pilot: { isReleased: true } }, "complete"],
    [
      "the rest are late",
      fleet("verified", "applied"),
      { pilot: { isReleased: true }, now: deadline },
      "fail-and-keep",
    ],
    ["one of the rest rejects", fleet("verified", "rejected"), { pilot: { isReleased: true } }, "fail-and-restore"],
    ["nobody is left", fleet("excluded", "excluded", "excluded"), {}, "release"],
  ])("%s", (_, nodes, changes, next) => expect(decide(nodes, changes).next).toBe(next));

  test("another takes the place of a first one that was taken out; one that was heard, before the rest", () => {
    expect(decide(fleet("excluded"))).toEqual({ next: "replace-pilot", nodeId: "b" });
    expect(decide(fleet("excluded", "expected", "delivered"))).toEqual({ next: "replace-pilot", nodeId: "c" });
  });
});

describe("a change that does harm on the first node goes no further", () => {
  const refused = { refusals: 1 };
  test.each<[string, readonly ExpectedNode[], Changes, string]>([
    ["rejected", fleet("rejected"), {}, "fail-and-restore"],
    ["rejected, a removal", fleet("rejected"), { removal: true }, "fail-and-stop"],
    ["not proved in time", fleet("applied"), { now: deadline }, "fail-and-restore"],
    ["rejected, a removal in force", fleet("rejected"), { removal: true, inForce: true }, "fail-and-restore"],
    ["not proved in time, a removal", fleet("applied"), { now: deadline, removal: true }, "fail-and-stop"],
    ["clients refused", fleet("verified"), { pilot: refused }, "fail-and-restore"],
    ["clients refused, a removal", fleet("verified"), { pilot: refused, removal: true }, "fail-and-stop"],
    [
      "clients refused by the rest, a removal",
      fleet("verified"),
      { pilot: { ...refused, isReleased: true }, removal: true },
      "fail-and-keep",
    ],
    ["as many refused as are borne", fleet("applied"), { pilot: { refusals: 5, maxRefusals: 5 } }, "wait"],
    [
      "more than anybody counted",
      fleet("applied"),
      { pilot: { isUncounted: true, maxRefusals: 5 } },
      "fail-and-restore",
    ],
    ["one more", fleet("applied"), { pilot: { refusals: 6, maxRefusals: 5 } }, "fail-and-restore"],
    [
      "as many refused as are borne, some of them perhaps strangers",
      fleet("applied"),
      { pilot: { refusals: 2, unknownRefusals: 3, maxRefusals: 5 } },
      "wait",
    ],
    [
      "one more that is perhaps a stranger",
      fleet("applied"),
      { pilot: { refusals: 2, unknownRefusals: 4, maxRefusals: 5 } },
      "fail-and-restore",
    ],
  ])("%s", (_, nodes, changes, next) => expect(decide(nodes, changes).next).toBe(next));

  test("the reason names the node, its words and the number", () => {
    expect(decide(fleet("rejected"))).toHaveProperty("reason", expect.stringContaining("a: it does not like it"));
    expect(decide(fleet("verified"), { pilot: { refusals: 7, maxRefusals: 2 } })).toHaveProperty(
      "reason",
      expect.stringContaining("7 clients whose CA this change removed were refused, of at most 2"),
    );
  });

  test("the reason names the nodes whose word it was, and what to do when it is not to be believed", () => {
    const reasonOf = (changes: Partial<Pilot>): string => {
      const decision = decide(fleet("verified"), { pilot: { refusals: 7, ...changes } });
      return "reason" in decision ? decision.reason : decision.next;
    };
    expect(reasonOf({ saidBy: ["edge-1"] })).toContain(
      "by the word of edge-1. If this node cannot be believed, drain it, and deploy again",
    );
    expect(reasonOf({ saidBy: ["d", "a", "c", "b", "e"] })).toContain(
      "by the word of d, a, c and 2 more. If these nodes",
    );
    expect(reasonOf({ refusals: 0, unknownRefusals: 1, saidBy: ["edge-1"] })).toMatch(
      /^1 client that names a CA .* could not be told from strangers \(at most 0 may be refused\), by the word of edge-1\./,
    );
    expect(reasonOf({ refusals: 1, unknownRefusals: 2, saidBy: ["edge-1"] })).toMatch(
      /^1 client whose CA this change removed was refused, and 2 clients that name a CA .* could not be told from strangers/,
    );
    expect(reasonOf({ isUncounted: true, saidBy: ["edge-1"] })).toMatch(
      /^More clients .* than could be told apart \(at most 0 may be\), by the word of edge-1\./,
    );
  });
});

describe("the same fleet has the same first node", () => {
  const nodes = (...list: readonly (readonly [string, boolean])[]) =>
    list.map(([nodeId, isConnected]) => ({ nodeId, isConnected }));
  test.each([
    [nodes(["c", true], ["b", true], ["a", false]), "b"],
    [nodes(["c", false], ["b", false]), "b"],
    [nodes(), undefined],
  ])("%j", (list, first) => expect(choosePilot(list)).toBe(first));
});
