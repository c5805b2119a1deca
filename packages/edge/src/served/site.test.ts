import { trialHostname } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { describe, expect, test } from "vitest";
import { binding, caSet, pki } from "../node-tls/edge-under-test.ts";
import { nothingServed, planState } from "./served-state.ts";
import { findSite } from "./site.ts";

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

  test("is the set's own for its trial name, and for nothing that only looks like one", () => {
    expect(findSite(state, trialHostname("1"))).toMatchObject({ caSetId: "1", mode: "deny", trial: true });
    for (const name of ["ca-set-01.tcm.internal", "xca-set-1.tcm.internal", "ca-set-1.tcm.internal.example"]) {
      expect(findSite(state, name)).toBeUndefined();
    }
  });

  test("has no set once the set is withdrawn, and the trial name is gone", () => {
    const without = plan(state, "ca-set/1", null);
    expect(findSite(without, "eu.shop.example")).toMatchObject({ set: undefined });
    expect(findSite(without, trialHostname("1"))).toBeUndefined();
  });
});
