import { describe, expect, test } from "vitest";
import type { Activation, ExpectedNode } from "./activation.ts";
import { decideActivation, isDone, percentComplete } from "./decide-activation.ts";
import { removesTrustOnly } from "./removes-trust-only.ts";

const deadline = 1_000_000;
const activation: Activation = {
  type: "ACTIVATE",
  network: "STAGING",
  status: "IN_PROGRESS",
  deadline,
  removesTrustOnly: false,
};

type Short = readonly [ExpectedNode["state"], ("applied" | "verified")?, { excluded?: boolean; detail?: string }?];

function nodes(...list: readonly Short[]): readonly ExpectedNode[] {
  return list.map(([state, requiredLevel = "verified", { excluded = false, detail } = {}], i) => ({
    nodeId: `edge-${i + 1}`,
    requiredLevel,
    state,
    detail,
    isExcluded: excluded,
  }));
}

const decide = (list: readonly ExpectedNode[], now = deadline - 1, more: Partial<Activation> = {}) =>
  decideActivation({ ...activation, ...more }, list, now);

describe("an activation is complete when every expected node proved it", () => {
  test.each<[string, readonly ExpectedNode[], string]>([
    ["no node at all", nodes(), "complete"],
    ["one verified", nodes(["verified"]), "complete"],
    ["applied, where the engine can prove no more", nodes(["applied", "applied"]), "complete"],
    ["verified, where applied is enough", nodes(["verified", "applied"]), "complete"],
    ["applied, where verified is asked", nodes(["applied"]), "wait"],
    ["delivered", nodes(["delivered", "applied"]), "wait"],
    ["nothing heard", nodes(["expected"]), "wait"],
    ["all but one", nodes(["verified"], ["verified"], ["applied"]), "wait"],
    ["the one behind is excluded", nodes(["verified"], ["expected", "verified", { excluded: true }]), "complete"],
    ["the only one is excluded", nodes(["expected", "verified", { excluded: true }]), "complete"],
    [
      "the one that rejected is excluded",
      nodes(["verified"], ["rejected", "verified", { excluded: true }]),
      "complete",
    ],
  ])("%s", (_, list, next) => expect(decide(list).next).toBe(next));
});

describe("an activation always ends", () => {
  test("at its deadline, not before, and the new version is kept", () => {
    const behind = nodes(["verified"], ["applied"], ["expected"]);
    expect(decide(behind, deadline - 1)).toEqual({ next: "wait" });
    const decision = decide(behind, deadline);
    expect(decision).toMatchObject({ next: "fail-and-keep" });
    expect(decision).toHaveProperty("reason", expect.stringContaining("edge-2 (applied), edge-3 (expected)"));
    expect(decision).not.toHaveProperty("reason", expect.stringContaining("edge-1"));
  });

  test("complete at its deadline when all proved it in time", () => {
    expect(decide(nodes(["verified"]), deadline + 1)).toEqual({ next: "complete" });
  });

  test("excluded nodes are not named", () => {
    const decision = decide(nodes(["expected"], ["expected", "verified", { excluded: true }]), deadline);
    expect(decision).not.toHaveProperty("reason", expect.stringContaining("edge-2"));
  });

  test("a long list of nodes is cut", () => {
    const decision = decide(nodes(...Array.from({ length: 1_000 }, (): Short => ["expected"])), deadline);
    expect(decision).toHaveProperty("reason", expect.stringContaining("edge-20 (expected) and 980 more"));
  });
});

describe("a rejection ends it at once", () => {
  const rejected = nodes(["verified"], ["rejected", "verified", { detail: "engine-refused: no" }], ["expected"]);

  test("the old content goes out again, with the node and its words", () => {
    const decision = decide(rejected);
    expect(decision).toMatchObject({ next: "fail-and-restore" });
    expect(decision).toHaveProperty("reason", expect.stringContaining("edge-2: engine-refused: no"));
  });

  test("words that are a sentence end once", () => {
    const decision = decide(nodes(["rejected", "verified", { detail: "The disk is full." }]));
    expect(decision).toHaveProperty("reason", expect.stringMatching(/: The disk is full\. The previous/));
  });

  test("trust that was taken away is never put back", () => {
    expect(decide(rejected, deadline - 1, { removesTrustOnly: true })).toMatchObject({ next: "fail-and-keep" });
    expect(decide(rejected, deadline + 1, { removesTrustOnly: true })).toMatchObject({ next: "fail-and-keep" });
  });

  test("it comes before the deadline's own end, and a missing word is said to be missing", () => {
    const decision = decide(nodes(["rejected"], ["expected"]), deadline + 1);
    expect(decision).toMatchObject({ next: "fail-and-restore" });
    expect(decision).toHaveProperty("reason", expect.stringContaining("edge-1: no reason given"));
  });
});

describe("percentComplete", () => {
  const mixed = (done: number, behind: number) =>
    nodes(
      ...Array.from({ length: done }, (): Short => ["verified"]),
      ...Array.from({ length: behind }, (): Short => ["applied"]),
    );

  test.each([
    [0, 0, 100],
    [0, 1, 0],
    [1, 0, 100],
    [1, 2, 33],
    [2, 1, 66],
    [1, 99, 1],
    [1, 100, 0],
    [199, 1, 99],
    [999, 1, 99],
    [1_000, 0, 100],
  ])("%i done and %i behind are %i %%, rounded down", (done, behind, percent) => {
    expect(percentComplete(mixed(done, behind))).toBe(percent);
  });

  test("excluded nodes are not expected, rejected and unheard ones are", () => {
    expect(percentComplete(nodes(["verified"], ["expected", "verified", { excluded: true }]))).toBe(100);
    expect(percentComplete(nodes(["verified"], ["verified", "verified", { excluded: true }], ["expected"]))).toBe(50);
    expect(percentComplete(nodes(["rejected"], ["verified"]))).toBe(50);
    expect(percentComplete(nodes(["expected", "verified", { excluded: true }]))).toBe(100);
  });

  test.each<[ExpectedNode["state"], boolean, boolean]>([
    ["expected", false, false],
    ["delivered", false, false],
    ["applied", true, false],
    ["verified", true, true],
    ["rejected", false, false],
  ])("%s is done where applied is asked: %s, where verified is asked: %s", (state, applied, verified) => {
    const done = (level: "applied" | "verified") => nodes([state, level]).map(isDone);
    expect([done("applied"), done("verified")]).toEqual([[applied], [verified]]);
  });
});

describe("a change that only removes trust", () => {
  test.each<[readonly string[] | null, readonly string[] | null, boolean]>([
    [["a", "b"], ["a"], true],
    [["a"], null, true],
    [["a"], [], true],
    [["a"], ["a"], false],
    [["a"], ["a", "b"], false],
    [["a"], ["b"], false],
    [["a", "b"], ["b", "a"], false],
    [["a", "a"], ["a"], false],
    [null, ["a"], false],
    [null, null, false],
  ])("from %j to %j: %s", (before, after, expected) => expect(removesTrustOnly(before, after)).toBe(expected));
});
