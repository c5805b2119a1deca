import type { HandshakeSummary } from "@tcm/api-contract";
import { expect, test } from "vitest";
import { anchorRows } from "./anchor-rows.ts";

function anchor(subject: string, accepted: number): HandshakeSummary["anchors"][number] {
  return { fingerprint: subject, subject, isActive: true, accepted, removedAnchor: 0, lastAcceptedDate: null };
}

test("the most used anchor has the whole bar, the others their part of it, and silent ones come last", () => {
  const rows = anchorRows([anchor("silent b", 0), anchor("a", 50), anchor("silent a", 0), anchor("b", 200)]);
  expect(rows.map(({ subject, share }) => [subject, share])).toEqual([
    ["b", 1],
    ["a", 0.25],
    ["silent a", 0],
    ["silent b", 0],
  ]);
});

test("without a handshake nothing is divided by nothing", () => {
  expect(anchorRows([anchor("a", 0)]).map(({ share }) => share)).toEqual([0]);
  expect(anchorRows([])).toEqual([]);
});
