import type { EdgeNodeView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { askAgainMs, conditionOf } from "./node-condition.ts";
import { certificateSentence, clockSentence, conditionSentence, entryName } from "./node-facts.ts";
import { enginesOf, type NodeFilter, nodeRows, readNodeFilter } from "./node-filter.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

function node(nodeId: string, change: Partial<EdgeNodeView> = {}): EdgeNodeView {
  const certificate = { certificateExpiryDate: null, isCertificateExpired: false, clockSkewSeconds: null };
  const state = { isConnected: true, isDrifted: false, drained: false, lastSeenDate: null, entries: [] };
  const engine = {
    engine: "haproxy",
    engineVersion: "3.0",
    highestLevel: "verified",
    address: "10.0.0.1:443",
  } as const;
  return { nodeId, network: "STAGING", ...engine, ...certificate, ...state, ...change };
}

function entry(change: Partial<EdgeNodeView["entries"][number]>): EdgeNodeView["entries"][number] {
  const said = { expectedGeneration: "1.2", reportedGeneration: "1.2", code: null, detail: null };
  return { entryId: "ca-set/1", state: "verified", isDrifted: false, ...said, ...change };
}
const rejected = { isDrifted: true, entries: [entry({ state: "rejected", isDrifted: true })] };

describe("what is most worth knowing of a node", () => {
  test.each<[Partial<EdgeNodeView>, string]>([
    [{}, "serving"],
    [{ isDrifted: true }, "behind"],
    [rejected, "rejecting"],
    [{ isDrifted: true, entries: [entry({ state: "rejected" }), entry({ isDrifted: true })] }, "behind"],
    [{ ...rejected, isConnected: false }, "away"],
    [{ isConnected: false, isCertificateExpired: true }, "shut-out"],
    [{ isConnected: false, drained: true }, "drained"],
  ])("of one with %j: %s, in a sentence", (change, condition) => {
    const one = node("a", change);
    expect(conditionOf(one)).toBe(condition);
    expect(conditionSentence(one)).toMatch(/^(It|Its|Nothing) .+\.$/);
  });

  test("is asked for again while one is behind, and not for what an event tells of", () => {
    const others = [node("a"), node("b", { isConnected: false, isDrifted: true }), node("c", { drained: true })];
    expect(askAgainMs([...others, node("d", { isDrifted: true })])).toBeGreaterThan(0);
    expect(askAgainMs(others)).toBe(false);
    expect(askAgainMs(undefined)).toBe(false);
  });

  test.each<[Partial<EdgeNodeView>, RegExp]>([
    [{}, /^It has not joined yet/],
    [{ certificateExpiryDate: "2026-11-27T12:00:00Z" }, /^expires in 3 days .*; it renews itself in time$/],
    [{ certificateExpiryDate: "2026-11-27T12:00:00Z", isConnected: false }, /^expires in 3 days \(.*\)$/],
  ])("its certificate, with %j", (change, text) => {
    expect(certificateSentence(node("a", change), now)).toMatch(text);
  });

  test.each([
    [null, undefined],
    [1, undefined],
    [-1, undefined],
    [2, "2 seconds ahead of the control plane"],
    [-90, "90 seconds behind the control plane"],
  ])("its clock, %s seconds off", (clockSkewSeconds, text) => {
    expect(clockSentence(node("a", { clockSkewSeconds }))).toBe(text);
  });

  test.each([
    ["ca-set/1", { name: "partners", caSetId: "1" }],
    ["ca-set/2", { name: "set 2", caSetId: "2" }],
    ["edge-certificate/7", { name: "edge certificate 7" }],
    ["something-new/1", { name: "something-new/1" }],
  ])("an entry %s has its name", (entryId, name) => {
    expect(entryName(entryId, new Map([["1", "partners"]]))).toEqual(name);
  });
});

describe("the list of nodes", () => {
  test("those that need somebody come first, then by number and name", () => {
    const nodes = [
      node("d", { drained: true }),
      node("s10"),
      node("s9"),
      node("b", { isDrifted: true }),
      node("a", { isConnected: false }),
      node("r", rejected),
    ];
    expect(nodeRows(nodes, {}, now).map(({ nodeId }) => nodeId)).toEqual(["r", "a", "b", "s9", "s10", "d"]);
  });

  test.each<[NodeFilter, readonly string[]]>([
    [{}, ["gone", "n", "p"]],
    [{ words: " PROD " }, ["p"]],
    [{ words: "NGINX" }, ["n"]],
    [{ words: "10.0.0.9" }, ["gone"]],
    [{ network: "PRODUCTION" }, ["p"]],
    [{ engine: "nginx" }, ["n"]],
    [{ state: "away" }, ["gone", "p"]],
    [{ state: "stale" }, ["gone"]],
    [{ state: "rejecting" }, []],
  ])("is filtered by %j", (filter, ids) => {
    const gone = { isConnected: false, lastSeenDate: "2026-11-23T12:00:00Z", address: "10.0.0.9:443" };
    const lately = { isConnected: false, lastSeenDate: "2026-11-23T12:00:01Z" };
    const nodes = [node("n", { engine: "nginx" }), node("gone", gone), node("p", { network: "PRODUCTION", ...lately })];
    const found = nodeRows(nodes, filter, now).map(({ nodeId }) => nodeId);
    expect(found.toSorted()).toEqual(ids);
  });

  test("a node that never came is stale, one that was drained is not", () => {
    const nodes = [node("never", { isConnected: false }), node("drained", { isConnected: false, drained: true })];
    expect(nodeRows(nodes, { state: "stale" }, now).map(({ nodeId }) => nodeId)).toEqual(["never"]);
  });

  test("an address asks for what it can: what is no filter is left out", () => {
    expect(readNodeFilter({ words: "a", network: "STAGING", engine: "nginx", state: "stale" })).toEqual({
      words: "a",
      network: "STAGING",
      engine: "nginx",
      state: "stale",
    });
    expect(readNodeFilter({ words: "", network: "elsewhere", engine: 7, state: "merry", other: 1 })).toEqual({});
  });

  test("offers the engines that there are", () => {
    expect(enginesOf([node("a"), node("b", { engine: "built-in" }), node("c")])).toEqual(["built-in", "haproxy"]);
  });
});
