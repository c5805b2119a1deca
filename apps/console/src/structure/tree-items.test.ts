import type { ChainMember } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { shortName, type TreeItem, treeItems } from "./tree-items.ts";

function member(fingerprint: string, issues: readonly string[]): ChainMember {
  return {
    fingerprint,
    issues,
    subject: `CN=${fingerprint}`,
    issuer: "",
    endDate: "",
    kind: "root",
    issuedBy: [],
    isCoveredFromAbove: false,
  };
}

function drawn(items: readonly TreeItem[]): unknown {
  return items.map(({ member: { fingerprint }, isRepeated, children }) => [
    isRepeated ? `${fingerprint} again` : fingerprint,
    ...(children.length > 0 ? [drawn(children)] : []),
  ]);
}

describe("the tree of a set", () => {
  test("shows a cross-signed CA under each of its issuers", () => {
    const members = [member("a", ["x"]), member("b", ["x"]), member("x", ["y"]), member("y", [])];
    expect(drawn(treeItems({ roots: ["a", "b"], tops: [], members }))).toEqual([
      ["a", [["x", [["y"]]]]],
      ["b", [["x", [["y"]]]]],
    ]);
  });

  test("ends where CAs sign each other, and shows a ring that hangs from nothing", () => {
    const members = [member("p", ["q"]), member("q", ["p"]), member("t", [])];
    expect(drawn(treeItems({ roots: [], tops: ["t"], members }))).toEqual([["t"], ["p", [["q", [["p again"]]]]]]);
  });

  test("gives every place an id of its own", () => {
    const members = [member("a", ["x"]), member("b", ["x"]), member("x", [])];
    const ids = (items: readonly TreeItem[]): readonly string[] =>
      items.flatMap(({ id, children }) => [id, ...ids(children)]);
    expect(ids(treeItems({ roots: ["a", "b"], tops: [], members }))).toEqual(["a", "a/x", "b", "b/x"]);
  });
});

test.each([
  ["CN=Partner Root, O=Partner", "Partner Root"],
  ["O=Partner, CN=Partner Root", "Partner Root"],
  ["CN=Smith\\, John, O=X", "Smith\\, John"],
  ["O=No Common Name", "O=No Common Name"],
])("people call %s %s", (subject, name) => {
  expect(shortName(subject)).toBe(name);
});
