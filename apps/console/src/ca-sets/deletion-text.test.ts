import type { CaSetView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { type Deletion, deletionText, deletionTitle, mayHaveDeletion } from "./deletion-text.ts";

function set(change: Partial<CaSetView>): CaSetView {
  const there = { caSetStatus: "NOT_DELETED", stagingVersion: null, productionVersion: null } as const;
  return { ...there, caSetNameIsEditable: false, ...change } as CaSetView;
}

test.each<[string, Partial<CaSetView>, boolean]>([
  ["being deleted", { caSetStatus: "DELETING" }, true],
  ["deleted", { caSetStatus: "DELETED" }, true],
  ["once deployed, and now nowhere", {}, true],
  ["on a network", { stagingVersion: 1 }, false],
  ["never deployed", { caSetNameIsEditable: true }, false],
])("a set that is %s may have been asked to go: %j %s", (_name, change, may) => {
  expect(mayHaveDeletion(set(change))).toBe(may);
});

function deletion(change: Partial<Deletion>): Deletion {
  return { network: "STAGING", status: "COMPLETE", percentComplete: 100, failureReason: null, ...change };
}

describe("a deletion is told", () => {
  test("as a whole", () => {
    const failed = deletion({ network: "PRODUCTION", status: "FAILED" });
    expect(deletionTitle({ status: "IN_PROGRESS", deletions: [] })).toBe("This set is being deleted");
    expect(deletionTitle({ status: "COMPLETE", deletions: [] })).toBe("This set is deleted");
    expect(deletionTitle({ status: "FAILED", deletions: [deletion({}), failed] })).toMatch(/failed on Production;/);
  });

  test.each<[Partial<Deletion>, RegExp]>([
    [{}, /Every edge node has proved/],
    [{ status: "IN_PROGRESS", percentComplete: 40 }, /^40 %/],
    [{ status: "FAILED", failureReason: "Not proved on a." }, /^Not proved on a\.$/],
    [{ status: "FAILED" }, /failed/],
  ])("network by network: %j", (change, text) => {
    expect(deletionText(deletion(change))).toMatch(text);
  });
});
