import type { CaSetView, EdgeNodeView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { attentionOf } from "./attention.ts";
import { networkSummary } from "./network-summary.ts";

function node(change: Partial<EdgeNodeView>): EdgeNodeView {
  const engine = {
    engine: "node-tls",
    engineVersion: "0.1.0",
    highestLevel: "verified",
    address: "127.0.0.1:7443",
  } as const;
  const certificate = { certificateExpiryDate: null, isCertificateExpired: false, clockSkewSeconds: null };
  const state = {
    ...certificate,
    isConnected: true,
    lastSeenDate: null,
    drained: false,
    isDrifted: false,
    entries: [],
  };
  return { nodeId: "a", network: "STAGING", ...engine, ...state, ...change };
}

function set(change: Partial<CaSetView>): CaSetView {
  return { caSetId: "1", caSetName: "partners", stagingVersion: null, productionVersion: null, ...change } as CaSetView;
}

describe("the overview says what needs attention", () => {
  test.each([
    ["a node that serves what it should", [], [node({})], []],
    ["a node that is away", [], [node({ isConnected: false })], ["away a"]],
    ["a node that is away and drained: nobody expects it", [], [node({ isConnected: false, drained: true })], []],
    ["a node that is behind", [], [node({ isDrifted: true })], ["behind a"]],
    ["a node that is away and was behind: once", [], [node({ isConnected: false, isDrifted: true })], ["away a"]],
    ["a set on production alone", [set({ productionVersion: 2 })], [], ["production only 1"]],
    ["a set on both", [set({ productionVersion: 2, stagingVersion: 3 })], [], []],
    ["a set on staging alone", [set({ stagingVersion: 3 })], [], []],
  ])("%s", (_name, sets, nodes, keys) => {
    expect(attentionOf(sets, nodes).map(({ key }) => key)).toEqual(keys);
  });

  test("nodes that cut clients off come before what is only unwise", () => {
    const attention = attentionOf([set({ productionVersion: 1 })], [node({ isConnected: false })]);
    expect(attention.map(({ severity }) => severity)).toEqual(["danger", "warning"]);
  });
});

describe("the overview says what runs where", () => {
  test("each network counts its own sets and its own nodes, drained ones apart", () => {
    const sets = [set({ stagingVersion: 1 }), set({ stagingVersion: 2, productionVersion: 2 }), set({})];
    const nodes = [node({}), node({ isConnected: false }), node({ drained: true }), node({ network: "PRODUCTION" })];
    expect(networkSummary("STAGING", sets, nodes)).toEqual({
      name: "Staging",
      activeSets: 2,
      connected: 1,
      expected: 2,
    });
    expect(networkSummary("PRODUCTION", sets, nodes)).toMatchObject({ activeSets: 1, connected: 1, expected: 1 });
  });
});
