import type { ActivationNodesView, ActivationView, CaSetView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import type { Progress } from "./await-activation.ts";
import { failedRemoval, hasFailed, previousVersion } from "./list-activations.ts";
import { progressDisplay } from "./progress-display.ts";
import { renderChanges, renderEnd, renderLiveProgress } from "./progress-text.ts";

type Node = ActivationNodesView["nodes"][number];

const activation: ActivationView = {
  activationId: 3,
  activationLink: "/a/3",
  activationType: "ACTIVATE",
  activationStatus: "IN_PROGRESS",
  network: "STAGING",
  percentComplete: 50,
  failureReason: null,
  caSetId: "1",
  caSetName: "partners",
  caSetLink: "/c/1",
  version: 2,
  versionLink: "/c/1/2",
  createdDate: "2026-06-01T00:00:00.000000Z",
  createdBy: "token-1",
  modifiedDate: null,
  modifiedBy: null,
  validation: null,
  generation: "1.4",
  deadlineDate: "2026-06-01T00:10:00.000000Z",
  previousVersion: null,
  removesTrustOnly: false,
};

function node(nodeId: string, state: Node["state"], more: Partial<Node> = {}): Node {
  const nothing = { code: null, detail: null, excludedDate: null, excludedBy: null };
  return { nodeId, state, requiredLevel: "verified", modifiedDate: "2026-06-01T00:00:00Z", ...nothing, ...more };
}

const halfway: Progress = { activation, nodes: [node("a", "verified"), node("b", "delivered")] };
const plain = { colour: false };

describe("progress of a deployment", () => {
  test("shows a bar, and first the nodes that are behind", () => {
    expect(renderLiveProgress(halfway, 100)).toEqual([
      "staging     activate partners@2  ██████████░░░░░░░░░░ 50 %",
      "  b  delivered (to be verified)",
      "  a  verified",
    ]);
  });

  test("says which node goes first", () => {
    const nodes = [node("a", "applied", { goesFirst: true }), node("b", "expected")];
    expect(renderLiveProgress({ activation, nodes }, 100)).toContain("  a  applied (to be verified), goes first");
  });

  test("never fills more than a screen, nor wraps a line", () => {
    const nodes = Array.from({ length: 1_000 }, (_, i) => node(`node-${i}`, "delivered"));
    const lines = renderLiveProgress({ activation, nodes }, 20);
    expect(lines).toHaveLength(22);
    expect(lines.every((line) => Array.from(line).length <= 20)).toBe(true);
    expect(lines.at(-1)).toBe("  and 980 nodes more");
  });

  test("says once in a log what changed", () => {
    expect(renderChanges(undefined, halfway)).toHaveLength(2);
    expect(renderChanges(halfway, halfway)).toEqual([]);
    const later = {
      activation: { ...activation, percentComplete: 100 },
      nodes: [node("a", "verified"), node("b", "verified")],
    };
    expect(renderChanges(halfway, later)).toEqual(["staging     activate partners@2  100 %  b  verified"]);
  });

  test("ends with the reason and the nodes that are behind, with their words", () => {
    const rejected = node("b", "rejected", { code: "engine-refused", detail: "no\u001b[1m way" });
    const failed = { ...activation, activationStatus: "FAILED" as const, failureReason: "Rejected by b." };
    expect(renderEnd({ activation: failed, nodes: [node("a", "verified"), rejected] }, 1_234, plain)).toBe(
      "staging     activate partners@2  FAILED after 1.2 s, 1 of 2 nodes proved it\n  Rejected by b.\n  b  rejected  engine-refused: no\\x1b[1m way\n",
    );
  });

  test("counts a node that can only apply, and says that one was excluded", () => {
    const nodes = [
      node("a", "applied", { requiredLevel: "applied" }),
      node("b", "expected", { excludedDate: "2026-06-01T00:00:00Z", excludedBy: "token-1" }),
    ];
    const complete = { ...activation, activationStatus: "COMPLETE" as const };
    expect(renderEnd({ activation: complete, nodes }, 400, plain)).toContain(
      "COMPLETE in 0.4 s, 1 of 1 node proved it, 1 excluded\n",
    );
  });

  test("is rewritten in place for a person, and only added to in a pipe", () => {
    const written: string[] = [];
    const terminal = { out: (text: string) => written.push(text), err: () => undefined, colour: false, columns: 100 };
    const live = progressDisplay({ ...terminal, live: true });
    live.show(halfway);
    live.show(halfway);
    expect(written[1]?.startsWith("\u001b[3A\u001b[0J")).toBe(true);
    written.length = 0;
    const lines = progressDisplay({ ...terminal, live: false });
    lines.show(halfway);
    lines.show(halfway);
    expect(written).toHaveLength(2);
    expect(written.join("")).not.toContain("\u001b");
  });
});

describe("the version to go back to", () => {
  const caSet = { stagingVersion: 3, productionVersion: null } as CaSetView;
  const past = (activationId: number, version: number, more: Partial<ActivationView> = {}): ActivationView => ({
    ...activation,
    activationStatus: "COMPLETE",
    activationId,
    version,
    ...more,
  });

  test("is the one that was active before the present one", () => {
    expect(previousVersion(caSet, "STAGING", [past(3, 3), past(2, 2), past(1, 1)])).toBe(2);
  });

  test("was active itself: what failed, was taken off, or went elsewhere does not count", () => {
    const list = [
      past(6, 3),
      past(5, 4, { activationStatus: "FAILED" }),
      past(4, 2, { network: "PRODUCTION" }),
      past(3, 2, { activationType: "DEACTIVATE" }),
      past(2, 3),
      past(1, 1),
    ];
    expect(previousVersion(caSet, "STAGING", list)).toBe(1);
  });

  test("is the present one while a change is running", () => {
    expect(previousVersion(caSet, "STAGING", [past(4, 4, { activationStatus: "IN_PROGRESS" }), past(3, 3)])).toBe(3);
  });

  test("and what failed there may be asked for again", () => {
    const failed = { activationStatus: "FAILED" } as const;
    const off = { activationType: "DEACTIVATE" } as const;
    const list = [past(3, 2, failed), past(2, 1), past(1, 1, { ...failed, network: "PRODUCTION" })];
    expect([hasFailed(2, "STAGING", list), hasFailed(1, "STAGING", list)]).toEqual([true, false]);
    expect(hasFailed(2, "STAGING", [past(4, 2), ...list])).toBe(false);
    expect(failedRemoval("STAGING", [past(4, 2, { ...failed, ...off }), ...list])).toBe(2);
    expect(failedRemoval("STAGING", [past(4, 2, off), ...list])).toBeUndefined();
    expect(failedRemoval("STAGING", list)).toBeUndefined();
  });

  test("is the last one where nothing is active any more, and none where nothing ever was", () => {
    const gone = { stagingVersion: null } as CaSetView;
    expect(previousVersion(gone, "STAGING", [past(2, 1, { activationType: "DEACTIVATE" }), past(1, 1)])).toBe(1);
    expect(previousVersion(gone, "STAGING", [])).toBeUndefined();
  });
});
