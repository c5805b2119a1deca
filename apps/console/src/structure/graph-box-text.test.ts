import type { ChainMember } from "@tcm/core";
import { expect, test } from "vitest";
import { arrowPath, nameParts, placeText } from "./graph-box-text.ts";

function member(fingerprint: string, change: Partial<ChainMember>): ChainMember {
  return {
    fingerprint,
    subject: `CN=${fingerprint.toUpperCase()}`,
    issuer: "",
    endDate: "",
    kind: "intermediate",
    issuedBy: [],
    issues: [],
    isCoveredFromAbove: false,
    ...change,
  };
}

const at = { x: 0, y: 0 };
const members = ["a", "b", "c", "d"].map((one) => member(one, {}));
const structure = { roots: [], tops: [], members };

test.each([
  [{ kind: "root" as const }, "root"],
  [{ issuedBy: ["a"], issues: ["b", "c"] }, "intermediate; issued by A; issues B, C"],
  [{ issues: ["a", "b", "c", "d", "e"] }, "intermediate; issues A, B, C and 2 more"],
])("where a box stands is told: %j", (change, text) => {
  expect(placeText({ kind: "member", id: "x", member: member("x", change), ...at }, structure)).toBe(text);
});

test.each([
  ["Acme Payments Root 2026", "Acme Payments Root", " 2026"],
  ["Acme Payments Root CertificationAuthority", "Acme Payments Root CertificationAut", "hority"],
  ["devices-of-the-partner-2026", "devices-of-the-partne", "r-2026"],
  ["Root", "", "Root"],
  ["", "", ""],
])("of the name %j the end is kept where it does not fit", (name, start, end) => {
  expect(nameParts(name)).toEqual([start, end]);
});

test("a box of many says whose they are and how to see them", () => {
  const box = { kind: "more" as const, id: "m", members: [member("x", { issuedBy: ["b"] })], ...at };
  expect(placeText(box, structure)).toBe("issued by B; Enter shows them");
});

test("an arrow goes from the foot of a box to the head of the next, and back at the side", () => {
  expect(arrowPath({ x: 0, y: 0 }, { x: 200, y: 112 }, false)).toBe("M85 60C85 86 285 86 285 112");
  expect(arrowPath({ x: 0, y: 112 }, { x: 0, y: 0 }, true)).toBe("M170 142C186 142 186 30 170 30");
});
