import { type HandshakeReport, handshakeSummary, seenClientList } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../testing/api-client.ts";
import { ControlPlaneHarness, expectStatus } from "../testing/control-plane-harness.ts";
import type { FakeNode } from "../testing/fake-node.ts";

const pki = testPki();
const root = pki.root("Busy Root");
const idle = pki.root("Idle Root");
const gone = pki.root("Gone Root");
const client = (digit: string) => digit.repeat(64);

let plane: ControlPlaneHarness;
let node: FakeNode;
let id: string;
beforeAll(async () => {
  plane = await ControlPlaneHarness.start();
  const [staging] = await plane.connectLocalNodes();
  if (staging === undefined) throw new Error("no node");
  node = staging;
  id = await plane.createVersion([root, idle, gone]);
  await plane.activateOnBoth(id);
});
afterAll(() => plane.remove());

let sequence = 0;

/** Says what the node saw, and waits until it hears that it is taken. */
async function saw(report: Pick<HandshakeReport, "counts"> & Partial<HandshakeReport>): Promise<void> {
  sequence += 1;
  const mine = sequence;
  node.say({
    type: "handshakes",
    report: { stream: "f".repeat(16), sequence: mine, lost: 0, clients: [], ...report },
  });
  await node.until(() =>
    node.messages.some((message) => message.type === "handshakes-taken" && message.sequence === mine),
  );
}

function count(changes: Partial<HandshakeReport["counts"][number]>): HandshakeReport["counts"][number] {
  const at = Math.floor(plane.clock.now() / 1_000);
  const generation = { epoch: 1, number: 1 };
  const accepted = { version: 1, generation, anchor: root.fingerprint, outcome: "accepted", reason: "" } as const;
  return { caSetId: id, at, lastSeen: at, count: 1, ...accepted, ...changes };
}

const read = async (path: string) =>
  expectStatus(await plane.ask("GET", `/ca-sets/${id}${path}`), 200, handshakeSummary);

describe("GET /ca-sets/{id}/handshakes", () => {
  test("counts what nodes of the network saw, by anchor, reason and time", async () => {
    const now = Math.floor(plane.clock.now() / 1_000);
    const cutOff = { outcome: "removed-anchor", reason: "issuer-not-found", anchor: gone.fingerprint } as const;
    await saw({
      lost: 2,
      counts: [
        count({ count: 5 }),
        count({ count: 2, at: now - 7_200, lastSeen: now - 7_200 }),
        count({ anchor: "", count: 3 }),
        count({ ...cutOff, count: 4 }),
        count({ outcome: "refused", reason: "expired", anchor: "", count: 6 }),
        count({ outcome: "failed", reason: "handshake-failed", anchor: "" }),
      ],
    });
    const summary = await read("/handshakes?network=STAGING");
    expect(summary).toMatchObject({
      bucketSeconds: 3_600,
      accepted: 10,
      refused: 6,
      removedAnchor: 4,
      failed: 1,
      acceptedWithoutAnchor: 3,
      lost: 2,
    });
    expect(summary.anchors).toMatchObject([
      { fingerprint: root.fingerprint, subject: "CN=Busy Root", isActive: true, accepted: 7, removedAnchor: 0 },
      ...[idle, gone]
        .toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
        .map(({ fingerprint }) => ({ fingerprint, accepted: 0, lastAcceptedDate: null })),
    ]);
    expect(summary.anchors.find(({ fingerprint }) => fingerprint === gone.fingerprint)?.removedAnchor).toBe(4);
    expect(Date.parse(summary.anchors[0]?.lastAcceptedDate ?? "")).toBe(now * 1_000);
    expect(summary.refusals.map(({ outcome, reason, count: times }) => [outcome, reason, times])).toEqual([
      ["refused", "expired", 6],
      ["removed-anchor", "issuer-not-found", 4],
      ["failed", "handshake-failed", 1],
    ]);
    expect(summary.buckets.map(({ accepted }) => accepted)).toEqual([2, 8]);
  });

  test("of one anchor, of a time, and in buckets as asked for", async () => {
    const one = await read(`/handshakes?network=STAGING&anchor=${root.fingerprint}&bucket=300`);
    expect(one).toMatchObject({ accepted: 7, refused: 0, bucketSeconds: 300 });
    expect(one.anchors).toHaveLength(1);
    const start = encodeURIComponent(new Date(plane.clock.now() - 60_000).toISOString());
    expect(await read(`/handshakes?network=STAGING&start=${start}&anchor=${root.fingerprint}`)).toMatchObject({
      accepted: 5,
      bucketSeconds: 300,
    });
    expect(await read("/handshakes?network=PRODUCTION")).toMatchObject({ accepted: 0, buckets: [], lost: 0 });
  });

  test("the same report once more, as after a lost connection, changes nothing", async () => {
    const before = await read("/handshakes?network=STAGING");
    const said = node.messages.length;
    const again = { stream: "f".repeat(16), sequence, lost: 9, counts: [count({ count: 100 })], clients: [] };
    node.say({ type: "handshakes", report: again });
    await node.until(() => node.messages.slice(said).some(({ type }) => type === "handshakes-taken"));
    expect(await read("/handshakes?network=STAGING")).toEqual(before);
  });

  test("needs a network, an existing set, and values that are some", async () => {
    const ask = async (path: string) => refusal(await plane.ask("GET", path));
    expect(await ask(`/ca-sets/${id}/handshakes`)).toEqual([400, "missing-required-query-parameter"]);
    expect(await ask("/ca-sets/999/handshakes?network=STAGING")).toEqual([404, "ca-set-not-found"]);
    for (const wrong of [
      "network=staging",
      "network=STAGING&bucket=60",
      "network=STAGING&start=soon",
      "network=STAGING&anchor=CN",
    ])
      expect((await ask(`/ca-sets/${id}/handshakes?${wrong}`))[0], wrong).toBe(400);
  });
});

describe("GET /ca-sets/{id}/clients", () => {
  test("lists those seen last first, with anchor and expiry, and no names", async () => {
    const now = Math.floor(plane.clock.now() / 1_000);
    const seen = (digit: string, lastSeen: number, anchor = root.fingerprint) => {
      return { caSetId: id, fingerprint: client(digit), anchor, notAfter: now + 86_400, lastSeen };
    };
    await saw({
      counts: [count({})],
      clients: [seen("a", now - 60), seen("b", now), seen("c", now - 90, gone.fingerprint)],
    });
    const list = async (query: string) => {
      const answer = await plane.ask("GET", `/ca-sets/${id}/clients?network=STAGING${query}`, { token: plane.viewer });
      return expectStatus(answer, 200, seenClientList).clients;
    };
    const all = await list("");
    expect(all.map(({ fingerprint }) => fingerprint[0])).toEqual(["b", "a", "c"]);
    expect(all[0]).toEqual({
      fingerprint: client("b"),
      anchor: root.fingerprint,
      anchorSubject: "CN=Busy Root",
      expiryDate: expect.stringMatching(/^20/) as string,
      lastSeenDate: expect.stringMatching(/^20/) as string,
    });
    expect((await list("&limit=1")).map(({ fingerprint }) => fingerprint[0])).toEqual(["b"]);
    expect((await list(`&anchor=${gone.fingerprint}`)).map(({ fingerprint }) => fingerprint[0])).toEqual(["c"]);
  });

  test("refuses a limit beyond what is kept", async () => {
    for (const limit of ["0", "10001", "all"])
      expect((await plane.ask("GET", `/ca-sets/${id}/clients?network=STAGING&limit=${limit}`)).status).toBe(400);
  });
});

describe("GET /metrics", () => {
  test("has the totals of each network, and nothing that tells sets or anchors apart", async () => {
    const { text } = await plane.ask("GET", "//metrics");
    const lines = text.split("\n").filter((line) => line.startsWith("tcm_edge_handshakes"));
    expect(lines).toContain('tcm_edge_handshakes_total{network="STAGING",outcome="removed-anchor"} 4');
    expect(lines).toContain('tcm_edge_handshakes_total{network="PRODUCTION",outcome="accepted"} 0');
    expect(lines).toContain('tcm_edge_handshakes_lost_total{network="STAGING"} 2');
    expect(lines).toHaveLength(10);
  });
});
