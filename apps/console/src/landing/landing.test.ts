import type { ActivationView, CaSetView, EdgeCertificateView, EdgeNodeView, OverviewView } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { attentionOf, type Look } from "./attention.ts";
import { networkSummary } from "./network-summary.ts";
import { runningWhere } from "./running-where.ts";

const nowMs = Date.parse("2026-11-24T12:00:00Z");
const since = "2026-11-20T12:00:00Z";

function node(nodeId: string, change: Partial<EdgeNodeView> = {}): EdgeNodeView {
  const certificate = { certificateExpiryDate: null, isCertificateExpired: false, clockSkewSeconds: null };
  const state = { isConnected: true, isDrifted: false, drained: false, lastSeenDate: null, entries: [] };
  const engine = { engine: "haproxy", engineVersion: "3.0", highestLevel: "verified", address: "x" } as const;
  return { nodeId, network: "STAGING", ...engine, ...certificate, ...state, ...change };
}

function entry(change: Partial<EdgeNodeView["entries"][number]>): EdgeNodeView["entries"][number] {
  const said = { expectedGeneration: "1.2", reportedGeneration: "1.1", code: null, detail: null };
  return { entryId: "ca-set/1", state: "applied", isDrifted: true, ...said, ...change };
}

function set(caSetId: string, stagingVersion: number | null, productionVersion: number | null): CaSetView {
  return { caSetId, caSetName: `set-${caSetId}`, stagingVersion, productionVersion } as CaSetView;
}

function activation(change: Partial<ActivationView>): ActivationView {
  const usual = { caSetId: "1", caSetName: "set-1", activationId: 5, version: 2, network: "STAGING" } as const;
  const state = { activationType: "ACTIVATE", activationStatus: "COMPLETE", percentComplete: 0 } as const;
  return { ...usual, ...state, failureReason: null, ...change } as ActivationView;
}

function edgeCertificate(caSetId: string, hostnames: readonly string[], mode: "deny" | "observe" = "deny") {
  const clientAuthentication = { caSetId, caSetName: "", mode, sendCaListToClient: false, revocation: "off" };
  const record = { createdDate: since, createdBy: "ann", modifiedDate: null, modifiedBy: null };
  return { edgeCertificateId: 7, hostnames, clientAuthentication, ...record } as unknown as EdgeCertificateView;
}

function look(change: Partial<Omit<Look, "overview">> & { readonly overview?: Partial<OverviewView> }): Look {
  const overview = { inForce: [], lastActivations: [], expiringCertificates: [], alarms: [], ...change.overview };
  return { sets: [], nodes: [], edgeCertificates: [], nowMs, mayDeployProduction: true, ...change, overview };
}

const keys = (change: Parameters<typeof look>[0]) => attentionOf(look(change)).map(({ key }) => key);
const found = (change: Parameters<typeof look>[0]) => attentionOf(look(change));

describe("edge nodes that need somebody", () => {
  const rejecting = { isDrifted: true, entries: [entry({ state: "rejected", detail: "no room left" })] };
  test.each<[string, readonly EdgeNodeView[], readonly string[]]>([
    ["one that serves what it should", [node("a")], []],
    ["one that is away", [node("a", { isConnected: false })], ["away a"]],
    ["one that is away and drained: nobody expects it", [node("a", { isConnected: false, drained: true })], []],
    ["one that is behind", [node("a", { isDrifted: true, entries: [entry({})] })], ["behind a"]],
    ["one that is away and was behind: once", [node("a", { isConnected: false, isDrifted: true })], ["away a"]],
    ["one whose certificate ran out", [node("a", { isConnected: false, isCertificateExpired: true })], ["shut-out a"]],
    [
      "one that rejects comes first",
      [node("b", { isConnected: false }), node("a", rejecting)],
      ["rejecting a", "away b"],
    ],
  ])("%s", (_, nodes, expected) => expect(keys({ nodes })).toEqual(expected));

  test("say why in their engine's own words", () => {
    expect(found({ nodes: [node("a", rejecting)] })[0]?.detail).toContain("no room left");
  });

  test("a whole network that is away is one line, which leads to its nodes", () => {
    const nodes = Array.from({ length: 4 }, (_, i) => node(`n${i}`, { isConnected: false }));
    expect(keys({ nodes: nodes.slice(1) })).toHaveLength(3);
    expect(found({ nodes })).toMatchObject([
      {
        title: "4 edge nodes on staging are not connected",
        place: { page: "edge-nodes", filter: { network: "STAGING", state: "away" } },
      },
    ]);
  });

  test("what a running deployment is about to mend is not told, and what it is not about is", () => {
    const nodes = [node("a", { isDrifted: true, entries: [entry({})] })];
    const running = (change: Partial<ActivationView>) => ({
      nodes,
      overview: { lastActivations: [activation({ activationStatus: "IN_PROGRESS", ...change })] },
    });
    expect(keys(running({}))).toEqual([]);
    expect(keys(running({ caSetId: "2" }))).toEqual(["behind a"]);
    expect(keys(running({ network: "PRODUCTION" }))).toEqual(["behind a"]);
  });
});

describe("deployments", () => {
  test("that failed and were not followed by another, with the reason and the way there", () => {
    const failed = activation({ activationStatus: "FAILED", failureReason: "Rejected by a: no." });
    expect(found({ overview: { lastActivations: [failed, activation({ network: "PRODUCTION" })] } })).toMatchObject([
      {
        gravity: "danger",
        title: "set-1 version 2 on staging failed",
        detail: "Rejected by a: no.",
        place: { page: "deployment", caSetId: "1", version: 2, activationId: 5 },
      },
    ]);
  });

  test("that somebody cancelled were meant to end so", () => {
    const cancelled = activation({ activationStatus: "FAILED", failureReason: "Cancelled by ann. And so on." });
    expect(found({ overview: { lastActivations: [cancelled] } })).toMatchObject([{ gravity: "info" }]);
  });
});

describe("certificates of active versions", () => {
  const ending = (subject: string, endDate: string, version = 2) => ({
    caSetId: "1",
    caSetName: "set-1",
    networks: ["STAGING" as const],
    fingerprint: subject,
    subject: `CN=${subject}`,
    endDate,
    version,
  });

  test("that have ended are urgent, those that will are soon; each version once, with the days", () => {
    const expiringCertificates = [
      ending("Old", "2026-11-21T12:00:00Z"),
      ending("Older", "2026-11-22T12:00:00Z"),
      ending("Next", "2026-12-06T12:00:00Z"),
      ending("Other", "2026-12-08T12:00:00Z", 3),
    ];
    expect(found({ overview: { expiringCertificates } })).toMatchObject([
      {
        gravity: "danger",
        title: "Old in set-1 version 2 expired 3 days ago",
        detail: "On staging. Expired too: Older.",
      },
      { gravity: "warning", title: "Next in set-1 version 2 expires in 12 days", detail: "On staging." },
      { gravity: "warning", title: "Other in set-1 version 3 expires in 14 days" },
    ]);
  });
});

describe("hostnames that nobody guards", () => {
  const opened = (hostname: string, effect: "unbound" | "observed", date = since) => ({
    date,
    by: "ann",
    edgeCertificateId: 7,
    openings: [{ hostname, effect }],
    openingCount: 1,
  });

  test("one that only observes stands open as long as it does, alarm or not", () => {
    const observing = [edgeCertificate("1", ["pay.example"], "observe")];
    const overview = { alarms: [opened("pay.example", "observed")] };
    expect(keys({ edgeCertificates: observing, overview })).toEqual(["observes 7"]);
    expect(found({ edgeCertificates: observing })[0]).toMatchObject({
      gravity: "danger",
      place: { page: "edge-certificates" },
    });
    expect(keys({ edgeCertificates: [edgeCertificate("1", ["pay.example"])], overview })).toEqual([]);
  });

  test("one that was unbound is told once, until it is bound again", () => {
    const overview = {
      alarms: [opened("pay.example", "unbound", "2026-11-23T12:00:00Z"), opened("pay.example", "unbound")],
    };
    expect(keys({ overview })).toEqual(["unbound pay.example"]);
    expect(keys({ overview, edgeCertificates: [edgeCertificate("1", ["pay.example"])] })).toEqual([]);
  });
});

describe("certificate sets", () => {
  test.each<[string, CaSetView, readonly string[]]>([
    ["that are nowhere", set("1", null, null), []],
    ["with the same version on both, and no hostname", set("1", 2, 2), ["unused"]],
    ["ahead on staging", set("1", 3, 2), ["waiting 1", "unused"]],
    ["on staging alone", set("1", 3, null), ["waiting 1"]],
    ["on production alone", set("1", null, 2), ["untried 1"]],
    ["behind on staging", set("1", 1, 2), ["untried 1", "unused"]],
  ])("%s", (_, one, expected) => expect(keys({ sets: [one] })).toEqual(expected));

  test("used by a hostname are in use; on their way to production they wait for nobody", () => {
    expect(keys({ sets: [set("1", 2, 2)], edgeCertificates: [edgeCertificate("1", ["a.example"])] })).toEqual([]);
    const lastActivations = [activation({ network: "PRODUCTION", activationStatus: "IN_PROGRESS" })];
    expect(keys({ sets: [set("1", 3, null)], overview: { lastActivations } })).toEqual([]);
  });

  test.each(["STAGING", "PRODUCTION"] as const)("on their way to %s they are not called untried", (network) => {
    const lastActivations = [activation({ network, activationStatus: "IN_PROGRESS" })];
    expect(keys({ sets: [set("1", 1, 2)], overview: { lastActivations } })).toEqual(["unused"]);
  });

  test("lead to the deployment only who may do it", () => {
    const sets = [set("1", 3, 2)];
    const place = (mayDeployProduction: boolean) => found({ sets, mayDeployProduction })[0]?.place;
    expect(place(true)).toEqual({ page: "deploy", caSetId: "1", version: 3, network: "PRODUCTION" });
    expect(place(false)).toEqual({ page: "set", caSetId: "1" });
  });

  test("two hundred that nobody uses are one line", () => {
    const sets = Array.from({ length: 200 }, (_, i) => set(String(i), 1, 1));
    expect(found({ sets })).toMatchObject([
      { title: "No edge certificate is associated with set-0, set-1, set-2 and 197 others" },
    ]);
  });
});

test("the gravest comes first, whatever it is about", () => {
  const attention = found({
    sets: [set("1", 3, 2), set("2", null, 1)],
    nodes: [node("a", { isConnected: false })],
    edgeCertificates: [edgeCertificate("1", ["pay.example"], "observe")],
    overview: { lastActivations: [activation({ activationStatus: "FAILED" })] },
  });
  expect(attention.map(({ key }) => key)).toEqual(["observes 7", "failed 5", "away a", "untried 2", "waiting 1"]);
});

describe("what runs where", () => {
  test("each network counts its own sets and its own nodes, drained ones apart", () => {
    const sets = [set("1", 1, null), set("2", 2, 2), set("3", null, null)];
    const nodes = [
      node("a"),
      node("b", { isConnected: false }),
      node("c", { drained: true }),
      node("d", { network: "PRODUCTION" }),
    ];
    expect(networkSummary("STAGING", sets, nodes)).toEqual({ name: "Staging", activeSets: 2, serving: 1, expected: 2 });
    expect(networkSummary("PRODUCTION", sets, nodes)).toMatchObject({ activeSets: 1, serving: 1, expected: 1 });
  });

  test("set by set: the version, since when and by whom, and what is on its way", () => {
    const inForce = [
      {
        caSetId: "2",
        network: "STAGING" as const,
        version: 4,
        activationId: 1,
        activatedDate: since,
        activatedBy: "ann",
      },
    ];
    const running = { activationStatus: "IN_PROGRESS", percentComplete: 40, version: 5, activationId: 9 } as const;
    const lastActivations = [
      activation({ ...running, caSetId: "2" }),
      activation({ ...running, caSetId: "10", network: "PRODUCTION", activationType: "DEACTIVATE" }),
      activation({ caSetId: "3" }),
    ];
    const next = { version: 5, percent: 40, activationId: 9 };
    expect(
      runningWhere([set("10", null, null), set("2", 4, null), set("3", null, null)], { inForce, lastActivations }),
    ).toEqual([
      {
        caSetId: "2",
        caSetName: "set-2",
        staging: { version: 4, since, by: "ann", next: { ...next, withdraws: false } },
        production: { version: null },
      },
      {
        caSetId: "10",
        caSetName: "set-10",
        staging: { version: null },
        production: { version: null, next: { ...next, withdraws: true } },
      },
    ]);
  });
});
