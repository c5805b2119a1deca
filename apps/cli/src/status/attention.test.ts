import type { ActivationView, CaSetView, EdgeNodeView, OverviewView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { describeNetwork, findAttention } from "./attention.ts";
import type { CaSetStatus } from "./read-status.ts";

const now = Date.parse("2026-06-01T00:00:00Z");
const caSet = { caSetId: "1", caSetName: "partners", stagingVersion: 2, productionVersion: null } as CaSetView;

function activation(more: Partial<ActivationView>): ActivationView {
  const usual = { network: "STAGING", activationType: "ACTIVATE", activationStatus: "COMPLETE", version: 2 } as const;
  return { ...usual, failureReason: null, percentComplete: 0, ...more } as ActivationView;
}

function statusOf(more: Partial<CaSetStatus>): CaSetStatus {
  return { caSet, activations: [], ...more };
}

function node(more: Partial<EdgeNodeView>): EdgeNodeView {
  const usual = { nodeId: "edge-1", isConnected: true, isDrifted: false, drained: false, lastSeenDate: null };
  return { ...usual, entries: [], ...more } as unknown as EdgeNodeView;
}

function expiring(endDate: string): OverviewView["expiringCertificates"] {
  const where = { caSetId: "1", caSetName: "partners", version: 2, networks: ["STAGING" as const] };
  return [{ ...where, subject: "CN=Root", fingerprint: "ab", endDate }];
}

const kinds = (
  caSets: readonly CaSetStatus[],
  edgeNodes: readonly EdgeNodeView[] = [],
  expiringCertificates: OverviewView["expiringCertificates"] = [],
): readonly string[] => findAttention({ caSets, edgeNodes, expiringCertificates }, now).map(({ kind }) => kind);

describe("what a set serves on a network", () => {
  test("is its active version, and where a running change leads", () => {
    expect(describeNetwork(statusOf({}), "STAGING")).toBe("2");
    expect(describeNetwork(statusOf({}), "PRODUCTION")).toBe("-");
    const running = { activationStatus: "IN_PROGRESS", percentComplete: 50 } as const;
    const on = (more: Partial<ActivationView>) => statusOf({ activations: [activation({ ...running, ...more })] });
    expect(describeNetwork(on({ version: 3 }), "STAGING")).toBe("2 → 3 (50 %)");
    expect(describeNetwork(on({ activationType: "DEACTIVATE" }), "STAGING")).toBe("2 → - (50 %)");
    expect(describeNetwork(on({ version: 3, network: "PRODUCTION" }), "PRODUCTION")).toBe("- → 3 (50 %)");
  });
});

describe("what needs attention", () => {
  test("is a failed deployment, until something newer was tried on that network", () => {
    const failed = activation({ activationStatus: "FAILED", failureReason: "Rejected by edge-1" });
    expect(
      findAttention({ caSets: [statusOf({ activations: [failed] })], edgeNodes: [], expiringCertificates: [] }, now),
    ).toEqual([{ kind: "failed", what: "partners@2 on staging", detail: "Rejected by edge-1" }]);
    expect(kinds([statusOf({ activations: [activation({}), failed] })])).toEqual([]);
    expect(kinds([statusOf({ activations: [activation({ network: "PRODUCTION" }), failed] })])).toEqual(["failed"]);
  });

  const entry = {
    entryId: "ca-set/1",
    expectedGeneration: "1.6",
    reportedGeneration: "1.3",
    state: "verified",
    code: null,
    detail: null,
    isDrifted: true,
  } as const;
  const rejected = { ...entry, state: "rejected", code: "engine-refused", detail: "unable to load" } as const;
  const aboutNodes = (...nodes: readonly EdgeNodeView[]) =>
    findAttention({ caSets: [statusOf({})], edgeNodes: nodes, expiringCertificates: [] }, now);

  test("is a node that is away, or does not serve what it should, unless it was drained", () => {
    expect(kinds([], [node({ isConnected: false }), node({ entries: [entry] }), node({})])).toEqual([
      "disconnected",
      "drifted",
    ]);
    expect(kinds([], [node({ isConnected: false, entries: [entry, rejected], drained: true })])).toEqual([]);
  });

  test("of a node that is away says when it was seen, and that it cannot come back by itself", () => {
    const away = { isConnected: false, lastSeenDate: "2026-05-01T00:00:00Z" };
    const expired = { ...away, isCertificateExpired: true, certificateExpiryDate: "2026-05-08T00:00:00Z" };
    expect(aboutNodes(node(away), node(expired)).map(({ detail }) => detail)).toEqual([
      "last seen 2026-05-01T00:00:00Z",
      "last seen 2026-05-01T00:00:00Z; its certificate ran out on 2026-05-08T00:00:00Z: make a join token",
    ]);
  });

  test("is what an engine rejects, in its own words, and before what is merely behind", () => {
    expect(aboutNodes(node({ entries: [entry, rejected] }))).toEqual([
      { kind: "rejected", what: "partners (ca-set/1) by edge-1", detail: "engine-refused: unable to load" },
      { kind: "drifted", what: "edge-1", detail: "partners (ca-set/1) at 1.3, should be 1.6" },
    ]);
  });

  test.each([
    [{ reportedGeneration: null }, "partners (ca-set/1) not reported, should be 1.6"],
    [{ reportedGeneration: "1.6", state: "applied" }, "partners (ca-set/1) at 1.6, applied and not proved"],
    [{ entryId: "edge-certificate/2" }, "edge-certificate/2 at 1.3, should be 1.6"],
  ] as const)("of a node that is behind says how far: %j", (more, detail) => {
    expect(aboutNodes(node({ entries: [{ ...entry, ...more }] }))).toEqual([
      { kind: "drifted", what: "edge-1", detail },
    ]);
  });

  test.each([
    ["2026-05-31T23:59:59Z", "expired", "expired on 2026-05-31T23:59:59Z"],
    ["2026-06-13T00:00:00Z", "expiring", "expires on 2026-06-13T00:00:00Z, in 12 days"],
  ])("is an active certificate that ends on %s: %s", (endDate, kind, detail) => {
    const found = findAttention({ caSets: [], edgeNodes: [], expiringCertificates: expiring(endDate) }, now);
    expect(found).toEqual([{ kind, what: "partners@2: CN=Root", detail }]);
  });

  test("is told with the worst first", () => {
    const status = statusOf({ activations: [activation({ activationStatus: "FAILED" })] });
    expect(kinds([status], [node({ isConnected: false })], expiring("2026-06-02T00:00:00Z"))).toEqual([
      "failed",
      "disconnected",
      "expiring",
    ]);
  });
});
