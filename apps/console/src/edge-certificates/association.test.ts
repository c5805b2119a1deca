import type { CaSetView, EdgeCertificateView, EdgeNodeView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { draftOf, requestOf } from "./association-draft.ts";
import { bindingNodes } from "./binding-nodes.ts";
import { edgeCertificateRows } from "./edge-certificate-rows.ts";
import { missingNetworks, versionToDeploy } from "./missing-networks.ts";

function set(stagingVersion: number | null, productionVersion: number | null, latestVersion: number | null): CaSetView {
  return { stagingVersion, productionVersion, latestVersion } as CaSetView;
}

const done = { status: "COMPLETE", percentComplete: 100, generation: "1.1" } as const;

function edgeCertificate(change: Partial<EdgeCertificateView["clientAuthentication"]> = {}): EdgeCertificateView {
  const bound = { caSetId: "7", caSetName: "partners", mode: "observe", sendCaListToClient: true, revocation: "off" };
  return {
    edgeCertificateId: 3,
    hostnames: ["a.example", "b.example"],
    clientAuthentication: { ...bound, ...change },
    staging: done,
    production: done,
  } as EdgeCertificateView;
}

describe("a set can be used once it is on both networks", () => {
  test.each([
    [set(null, null, 2), ["STAGING", "PRODUCTION"], 2],
    [set(3, null, 4), ["PRODUCTION"], 3],
    [set(null, 1, 4), ["STAGING"], 1],
    [set(2, 1, 2), [], 2],
    [set(null, null, null), ["STAGING", "PRODUCTION"], undefined],
  ])("what is missing of %j is %j, to be deployed as version %s", (one, missing, version) => {
    expect(missingNetworks(one)).toEqual(missing);
    expect(versionToDeploy(one)).toBe(version);
  });
});

describe("what is decided about an edge certificate", () => {
  test("begins as it is now, bound to the set that is asked for", () => {
    const draft = { hostnames: "a.example\nb.example", caSetId: "9", mode: "observe", sendsNames: true };
    expect(draftOf(edgeCertificate(), "9")).toEqual(draft);
    expect(draftOf(edgeCertificate(), undefined).caSetId).toBe("7");
  });

  test("of a new one begins with what guards most", () => {
    expect(draftOf(undefined, undefined)).toEqual({ hostnames: "", caSetId: "", mode: "deny", sendsNames: false });
  });

  test("is sent as hostnames and their policy", () => {
    const draft = { hostnames: "B.example, a.example", caSetId: "9", mode: "deny", sendsNames: false } as const;
    expect(requestOf(draft)).toEqual({
      hostnames: ["b.example", "a.example"],
      clientAuthentication: { caSetId: "9", mode: "deny", sendCaListToClient: false },
    });
  });
});

test.each([
  ["B.EXAMPLE", 1],
  ["partners", 1],
  ["", 1],
  ["nobody", 0],
])("edge certificates are found by %j", (words, count) => {
  expect(edgeCertificateRows([edgeCertificate()], words)).toHaveLength(count);
});

describe("how far nodes are with an edge certificate", () => {
  type Entry = EdgeNodeView["entries"][number];

  function node(nodeId: string, entry: Partial<Entry>, change: Partial<EdgeNodeView> = {}): EdgeNodeView {
    const reported = {
      expectedGeneration: "1.2",
      reportedGeneration: "1.2",
      state: "verified",
      code: null,
      detail: null,
    };
    const entries = [{ entryId: "edge-certificate/3", isDrifted: false, ...reported, ...entry }];
    return { nodeId, network: "STAGING", drained: false, isConnected: true, entries, ...change } as EdgeNodeView;
  }

  const behind = { isDrifted: true };

  test.each<[string, Partial<Entry>, Partial<EdgeNodeView>, string, RegExp]>([
    ["serves it", {}, {}, "serves", /proved/],
    ["has it in its engine", { ...behind, state: "applied" }, {}, "waits", /proof is under way/],
    ["has checked it", { ...behind, state: "delivered" }, {}, "waits", /checked/],
    ["says nothing", { ...behind, state: "unknown", reportedGeneration: null }, {}, "waits", /Nothing was heard/],
    ["speaks of the one before", { ...behind, reportedGeneration: "1.1" }, {}, "waits", /Nothing was heard/],
    ["is away", behind, { isConnected: false }, "waits", /not connected/],
    ["rejected it", { ...behind, state: "rejected", code: "c", detail: "d" }, {}, "rejected", /^c: d$/],
    ["rejected it without a word", { ...behind, state: "rejected" }, {}, "rejected", /no reason/],
  ])("one that %s", (_name, entry, change, state, text) => {
    const [found] = bindingNodes([node("a", entry, change)], 3);
    expect(found?.state).toBe(state);
    expect(found?.text).toMatch(text);
  });

  test("come with the worst first; drained ones and those that never heard of it are left out", () => {
    const nodes = [
      node("done", {}),
      node("late", behind),
      node("bad", { ...behind, state: "rejected" }),
      node("drained", behind, { drained: true }),
      node("other", { entryId: "edge-certificate/33" }),
    ];
    expect(bindingNodes(nodes, 3).map(({ nodeId }) => nodeId)).toEqual(["bad", "late", "done"]);
  });
});
