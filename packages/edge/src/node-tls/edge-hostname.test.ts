import { describe, expect, test } from "vitest";
import { hostnameProblem, trialCaSetId, trialHostname, wildcardOf } from "./edge-hostname.ts";
import { nothingServed, planState } from "./served-state.ts";
import { findSite } from "./site.ts";
import { nodeCrypto } from "@tcm/node-crypto";
import { binding, caSet, pki } from "./edge-under-test.ts";

describe("a hostname of an edge certificate", () => {
  test.each([
    "shop.example",
    "*.shop.example",
    "localhost",
    "xn--bcher-kva.example",
    "1.example",
    `${"a".repeat(63)}.example`,
  ])("may be %s", (hostname) => expect(hostnameProblem(hostname)).toBeUndefined());

  test.each([
    "",
    "Shop.example",
    "shop.example.",
    "*",
    "*.",
    "a.*.example",
    "sh*p.example",
    "shop_1.example",
    "-a.example",
    "a-.example",
    "bücher.example",
    "shop.example:443",
    "[::1]",
    "a..example",
    `${"a".repeat(64)}.example`,
    `${"a.".repeat(126)}ab`,
    "a\n.example",
  ])("may not be %j", (hostname) => expect(hostnameProblem(hostname)).toBeDefined());

  test.each([
    "ca-set-1.tcm.internal",
    "x.tcm.internal",
    "*.tcm.internal",
    "tcm.internal",
  ])("may not be %s, which is reserved", (hostname) => {
    expect(hostnameProblem(hostname)).toBe("*.tcm.internal is reserved");
  });
});

test("a trial hostname names its set, and nothing that only looks like one does", () => {
  expect(trialCaSetId(trialHostname("42"))).toBe("42");
  for (const other of [
    "ca-set-0.tcm.internal",
    "ca-set-01.tcm.internal",
    "ca-set-.tcm.internal",
    "xca-set-1.tcm.internal",
    "ca-set-1.tcm.internal.example",
  ]) {
    expect(trialCaSetId(other)).toBeUndefined();
  }
});

test("a wildcard stands for exactly one label", () => {
  expect(wildcardOf("a.b.example")).toBe("*.b.example");
  expect([wildcardOf("localhost"), wildcardOf(".example"), wildcardOf("")]).toEqual([undefined, undefined, undefined]);
});

describe("the site of a server name", () => {
  const plan = (state: typeof nothingServed, entryId: string, next: Parameters<typeof planState>[3]) => {
    const planned = planState(state, entryId, null, next, nodeCrypto);
    if (!planned.ok) throw new Error(planned.detail);
    return planned.state;
  };
  const withSet = plan(nothingServed, "ca-set/1", caSet([pki.root("Root")]));
  const wild = plan(withSet, "edge-certificate/1", binding(["*.shop.example"]));
  const state = plan(wild, "edge-certificate/2", binding(["eu.shop.example"], { id: 2, mode: "observe" }));

  test("is the exact one before the wildcard's", () => {
    expect(findSite(state, "eu.shop.example")).toMatchObject({ hostname: "eu.shop.example", mode: "observe" });
    expect(findSite(state, "US.shop.example")).toMatchObject({
      hostname: "*.shop.example",
      mode: "deny",
      trial: false,
    });
  });

  test("is none for names that no entry has", () => {
    for (const name of ["", "shop.example", "a.eu.shop.example", "other.example", "ca-set-2.tcm.internal"]) {
      expect(findSite(state, name)).toBeUndefined();
    }
  });

  test("has no set once the set is withdrawn, and the trial name is gone", () => {
    const without = plan(state, "ca-set/1", null);
    expect(findSite(without, "eu.shop.example")).toMatchObject({ set: undefined });
    expect(findSite(without, trialHostname("1"))).toBeUndefined();
  });
});
