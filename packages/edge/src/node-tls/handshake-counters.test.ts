import { expect, test } from "vitest";
import { handshakeCounters } from "./handshake-counters.ts";

const accepted = { caSetId: "1", version: 1, anchor: "aa", outcome: "accepted", reason: "" } as const;
const refused = (reason: string) => ({ ...accepted, anchor: "", outcome: "refused", reason }) as const;

test("handshakes are counted by all that tells them apart", () => {
  const counters = handshakeCounters(10);
  for (const kind of [accepted, accepted, refused("expired"), { ...accepted, version: 2 }]) counters.count(kind);
  expect(counters.read()).toEqual([
    { ...accepted, count: 2 },
    { ...refused("expired"), count: 1 },
    { ...accepted, version: 2, count: 1 },
  ]);
});

test("a full table keeps its rows, and counts the rest by outcome alone", () => {
  const counters = handshakeCounters(2);
  for (const kind of [accepted, refused("a"), refused("b"), refused("c"), accepted]) counters.count(kind);
  expect(counters.read()).toEqual([
    { ...accepted, count: 2 },
    { ...refused("a"), count: 1 },
    { caSetId: "", version: 0, anchor: "", outcome: "refused", reason: "table-full", count: 2 },
  ]);
});
