import { createHash } from "node:crypto";
import { type HandshakeCount, type HandshakeReport, handshakeReport, maxHandshakeCount } from "@tcm/api-contract";
import { testPki } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admin, DeploymentHarness, value } from "../../testing/deployment-harness.ts";
import type { AuthenticatedNode } from "../edge-nodes/enrol-node.ts";
import { removeNode } from "../edge-nodes/remove-node.ts";
import { maxRowCount } from "./add-counts.ts";
import { recordHandshakes } from "./record-handshakes.ts";
import { removedAnchorRefusals } from "./removed-anchor-refusals.ts";
import { summariseHandshakes } from "./summarise-handshakes.ts";

const pki = testPki();
const root = pki.root("Root");
const other = pki.root("Other Root");
const hourMs = 3_600_000;

type Said = Partial<Omit<HandshakeReport, "counts">> & { readonly counts?: readonly Partial<HandshakeCount>[] };

async function setUp() {
  const harness = await DeploymentHarness.open();
  const caSetId = await harness.caSet([root]);
  const node = await harness.node("one", "STAGING");
  const nowSeconds = () => Math.floor(harness.clock.now() / 1_000);
  const reportOf = ({ counts = [], ...rest }: Said): HandshakeReport => ({
    stream: "0".repeat(16),
    sequence: 1,
    lost: 0,
    clients: [],
    ...rest,
    counts: counts.map((count) => ({
      at: nowSeconds(),
      lastSeen: nowSeconds(),
      caSetId: String(caSetId),
      version: 1,
      generation: { epoch: 1, number: 1 },
      anchor: root.fingerprint,
      outcome: "accepted",
      reason: "",
      count: 1,
      ...count,
    })),
  });
  const record = (said: Said, by: AuthenticatedNode = node) =>
    recordHandshakes(harness.context, [{ node: by, report: reportOf(said) }]);
  const { db } = harness.context.store;
  const rows = () =>
    db.selectFrom("handshake_counts").selectAll().orderBy("bucket_at").orderBy("anchor").orderBy("count").execute();
  const total = async () => (await rows()).reduce((sum, { count }) => sum + count, 0);
  return { harness, caSetId, node, record, reportOf, rows, total, db, nowSeconds };
}

describe("reports of handshakes are added up", () => {
  test("into five minutes, each node apart", async () => {
    const { harness, record, rows } = await setUp();
    const second = await harness.node("two", "STAGING");
    await record({ counts: [{ count: 3 }] });
    await record({ sequence: 2, counts: [{ count: 4 }] });
    await record({ counts: [{ count: 5 }] }, second);
    expect((await rows()).map(({ node_id, count }) => [node_id, count])).toEqual([
      ["two", 5],
      ["one", 7],
    ]);
  });

  test("once, however often a report is said, and again only in a new run of the node", async () => {
    const { record, total } = await setUp();
    await record({ counts: [{ count: 3 }] });
    await record({ counts: [{ count: 3 }] });
    expect(await total()).toBe(3);
    await record({ stream: "1".repeat(16), counts: [{ count: 2 }] });
    expect(await total()).toBe(5);
  });

  test("up to a bound, so that no node breaks the sums of the others", async () => {
    const { harness, record, rows, db } = await setUp();
    const second = await harness.node("two", "STAGING");
    const most = { count: maxHandshakeCount };
    for (const sequence of [1, 2])
      await record({ sequence, lost: maxHandshakeCount, counts: Array.from({ length: 2_000 }, () => most) });
    await record({ counts: [{ count: 5 }] }, second);
    expect((await rows()).map(({ count }) => count)).toEqual([5, maxRowCount]);
    const reports = await db.selectFrom("handshake_reports").select("lost").where("node_id", "=", "one").execute();
    expect(reports).toEqual([{ lost: maxHandshakeCount }]);
  });

  test.each([
    { count: maxHandshakeCount + 1 },
    { generation: { epoch: 2 ** 31, number: 1 } },
    { generation: { epoch: 1, number: 2 ** 31 } },
  ])("and are no reports with numbers beyond the store: %j", async (count) => {
    const { reportOf } = await setUp();
    expect(handshakeReport.safeParse(reportOf({ counts: [{}] })).success).toBe(true);
    expect(handshakeReport.safeParse(reportOf({ counts: [count] })).success).toBe(false);
  });

  test("with the same sums in whatever order nodes come and whatever is repeated", async () => {
    const { harness, reportOf, total, db } = await setUp();
    const nodes = await Promise.all(["a", "b", "c"].map((id) => harness.node(id, "STAGING")));
    const pick = fc.record({ node: fc.integer({ min: 0, max: 2 }), repeats: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(pick, { minLength: 1, maxLength: 12 }), async (picks) => {
        await db.deleteFrom("handshake_counts").execute();
        await db.deleteFrom("handshake_reports").execute();
        const next = [0, 0, 0];
        const said = picks.flatMap(({ node: i, repeats }) => {
          const node = nodes[i] ?? { nodeId: "a", network: "STAGING" as const };
          next[i] = (next[i] ?? 0) + 1;
          const report = reportOf({ sequence: next[i] ?? 1, counts: [{ count: 2 }] });
          return Array.from({ length: repeats }, () => ({ node, report }));
        });
        const half = Math.floor(said.length / 2);
        await recordHandshakes(harness.context, said.slice(0, half + 1));
        await recordHandshakes(harness.context, said.slice(half));
        expect(await total()).toBe(2 * picks.length);
      }),
      { numRuns: 25 },
    );
  });

  test("under no name of an anchor that was never in the set, and nowhere for a set that is not", async () => {
    const { record, rows } = await setUp();
    await record({ counts: [{ anchor: other.fingerprint, count: 2 }, { caSetId: "999" }] });
    expect((await rows()).map(({ anchor, count }) => [anchor, count])).toEqual([["", 2]]);
  });

  test("not later than now, whatever the node's clock says", async () => {
    const { harness, record, rows, nowSeconds } = await setUp();
    await record({ counts: [{ at: nowSeconds() + 90_000, lastSeen: nowSeconds() + 90_000 }] });
    const now = new Date(harness.clock.now()).toISOString().slice(0, 19);
    for (const { bucket_at, last_seen_at } of await rows()) {
      expect(bucket_at.slice(0, 19) <= now).toBe(true);
      expect(last_seen_at.slice(0, 19)).toBe(now);
    }
  });

  test("with what the node lost", async () => {
    const { record, db } = await setUp();
    await record({ lost: 4 });
    await record({ sequence: 2, lost: 5 });
    await record({ sequence: 2, lost: 5 });
    expect(await db.selectFrom("handshake_reports").selectAll().execute()).toMatchObject([{ sequence: 2, lost: 9 }]);
  });

  test("and of a node that was removed nothing is kept, also what came after that", async () => {
    const { harness, record, db } = await setUp();
    const gone = await harness.node("gone", "STAGING");
    await record({});
    await record({}, gone);
    value(await removeNode(harness.context, admin, gone.nodeId));
    await record({ sequence: 2 }, gone);
    await summariseHandshakes(harness.context);
    expect(await db.selectFrom("handshake_reports").select("node_id").execute()).toEqual([{ node_id: "one" }]);
  });
});

describe("clients", () => {
  const client = (digit: string, lastSeen: number, caSetId: number, anchor = root.fingerprint) => {
    return { caSetId: String(caSetId), fingerprint: digit.repeat(64), anchor, notAfter: lastSeen + 1_000, lastSeen };
  };

  test("are kept once each, with the last time and through which anchor", async () => {
    const { record, caSetId, db, nowSeconds } = await setUp();
    const now = nowSeconds();
    await record({ counts: [{}], clients: [client("a", now - 50, caSetId), client("b", now, caSetId)] });
    await record({ sequence: 2, counts: [{}], clients: [client("a", now - 90, caSetId)] });
    await record({ sequence: 3, counts: [{}], clients: [client("c", now, caSetId, other.fingerprint)] });
    const rows = await db.selectFrom("handshake_clients").selectAll().orderBy("fingerprint").execute();
    expect(rows.map(({ fingerprint, last_seen_at }) => [fingerprint[0], Date.parse(last_seen_at) / 1_000])).toEqual([
      ["a", now - 50],
      ["b", now],
    ]);
  });

  test("are at most ten thousand of a set and network: those seen last", async () => {
    const { record, caSetId, db, nowSeconds } = await setUp();
    const begin = nowSeconds() - 20_000;
    for (let batch = 0; batch < 11; batch++) {
      const clients = Array.from({ length: 1_000 }, (_, i) => {
        const number = batch * 1_000 + i;
        return { ...client("0", begin + number, caSetId), fingerprint: number.toString(16).padStart(64, "0") };
      });
      await record({ sequence: batch + 1, counts: [{}], clients });
    }
    const kept = await db
      .selectFrom("handshake_clients")
      .select(({ fn }) => [fn.countAll<number>().as("count"), fn.min("fingerprint").as("oldest")])
      .executeTakeFirstOrThrow();
    expect(kept.count).toBe(10_000);
    expect(Number.parseInt(kept.oldest, 16)).toBe(1_000);
  });
});

describe("refusals of clients whose CA a generation removed", () => {
  test("are summed over nodes, of that generation, set and network alone", async () => {
    const { harness, record, caSetId, nowSeconds } = await setUp();
    const second = await harness.node("two", "STAGING");
    const production = await harness.node("three", "PRODUCTION");
    const cutOff = { outcome: "removed-anchor", reason: "issuer-not-found" } as const;
    const generation = { epoch: 1, number: 2 };
    const long = nowSeconds() - 2.5 * 3_600;
    const before = { at: long, lastSeen: long };
    await record({
      counts: [
        { ...cutOff, generation, count: 3 },
        { ...cutOff, generation, count: 8, ...before },
      ],
    });
    await record({ counts: [{ ...cutOff, generation, count: 4 }] }, second);
    await record({ counts: [{ ...cutOff, generation, count: 50 }] }, production);
    await record({
      sequence: 2,
      counts: [
        { ...cutOff, count: 60 },
        { outcome: "refused", reason: "expired", generation },
      ],
    });
    const since = harness.clock.now();
    const question = { activationId: 0, network: "STAGING", caSetId, generation, since } as const;
    const { db } = harness.context.store;
    expect(await removedAnchorRefusals(db, question)).toMatchObject({ clients: 7 });
    expect(await removedAnchorRefusals(db, { ...question, generation: { epoch: 2, number: 2 } })).toMatchObject({
      clients: 0,
    });
    expect(await removedAnchorRefusals(db, { ...question, since: since - 2 * hourMs })).toMatchObject({ clients: 15 });
  });

  /** Of the set on staging, with the generation that these clients were cut off by. */
  async function deploy({
    harness,
    caSetId,
    db,
  }: Pick<Awaited<ReturnType<typeof setUp>>, "harness" | "caSetId" | "db">) {
    const { activationId } = await harness.activate(caSetId, 1, "STAGING");
    await db.updateTable("activations").set({ epoch: 1, generation: 2 }).where("id", "=", activationId).execute();
  }

  const digest = (name: string) => createHash("sha256").update(name).digest("hex");
  const generation = { epoch: 1, number: 2 };
  const counted = { outcome: "removed-anchor", reason: "issuer-not-found", generation } as const;
  const client = (name: string, caSetId: number, isProved = true) => ({
    caSetId: String(caSetId),
    generation,
    fingerprint: digest(name),
    isProved,
    lastSeen: 0,
  });

  test("are clients, each once, however often and at however many nodes it came", async () => {
    const { harness, record, caSetId, db } = await setUp();
    await deploy({ harness, caSetId, db });
    const second = await harness.node("two", "STAGING");
    const old = await harness.node("old-agent", "STAGING");
    const [a, b] = [client("a", caSetId), client("b", caSetId)];
    await record({ counts: [{ ...counted, count: 400 }], cutOff: [a, b] });
    await record({ sequence: 2, counts: [{ ...counted, count: 300 }], cutOff: [a] });
    await record({ counts: [{ ...counted, count: 200 }], cutOff: [b] }, second);
    const question = { activationId: 0, network: "STAGING", caSetId, generation, since: harness.clock.now() } as const;
    expect(await removedAnchorRefusals(db, question)).toMatchObject({ clients: 2 });
    expect(await removedAnchorRefusals(db, { ...question, generation: { epoch: 1, number: 3 } })).toMatchObject({
      clients: 0,
    });
    // An agent that does not tell which clients they were: all of its handshakes count.
    await record({ counts: [{ ...counted, count: 5 }] }, old);
    expect(await removedAnchorRefusals(db, question)).toMatchObject({ clients: 7 });
  });

  test("of whom nobody knows that they hold the key of what they showed are clients that were let in before", async () => {
    const { harness, record, caSetId, db, nowSeconds } = await setUp();
    await deploy({ harness, caSetId, db });
    const known = { caSetId: String(caSetId), anchor: root.fingerprint, notAfter: nowSeconds() + 9, lastSeen: 0 };
    const shown = ["a", "b"].map((name) => client(name, caSetId, false));
    const question = { activationId: 0, network: "STAGING", caSetId, generation, since: harness.clock.now() } as const;
    await record({ counts: [{ ...counted, count: 9 }], cutOff: shown });
    // Nobody was counted here before: that says nothing of them.
    expect(await removedAnchorRefusals(db, question)).toMatchObject({
      clients: 0,
      unknown: 2,
      saidBy: [expect.any(String)],
    });
    await record({ sequence: 2, counts: [{}], clients: [{ ...known, fingerprint: digest("a") }] });
    expect(await removedAnchorRefusals(db, question)).toMatchObject({ clients: 1, unknown: 0 });
    const second = await harness.node("two", "STAGING");
    await record({ counts: [{ ...counted }], cutOff: [client("b", caSetId)] }, second);
    expect(await removedAnchorRefusals(db, question)).toMatchObject({ clients: 2 });
  });

  test("are kept of the deployment that runs alone, so that no node fills the store", async () => {
    const { harness, record, caSetId, db } = await setUp();
    await deploy({ harness, caSetId, db });
    const made = Array.from({ length: 999 }, (_, number) => ({
      ...client("a", caSetId),
      generation: { epoch: 1, number },
    }));
    await record({ counts: [], cutOff: made });
    const kept = await db.selectFrom("handshake_cut_off").select("generation").execute();
    expect(kept).toEqual([{ generation: 2 }]);
  });

  test("are forgotten after a day", async () => {
    const { harness, record, caSetId, db, nowSeconds } = await setUp();
    await deploy({ harness, caSetId, db });
    await record({ counts: [{ ...counted }], cutOff: [{ ...client("a", caSetId), lastSeen: nowSeconds() }] });
    harness.clock.advance(23 * hourMs);
    await summariseHandshakes(harness.context);
    expect(await db.selectFrom("handshake_cut_off").selectAll().execute()).toHaveLength(1);
    harness.clock.advance(3 * hourMs);
    await summariseHandshakes(harness.context);
    expect(await db.selectFrom("handshake_cut_off").selectAll().execute()).toEqual([]);
  });

  test("count when the clock of the node is slow, or that here was put back since it began", async () => {
    const { harness, record, caSetId, nowSeconds } = await setUp();
    const cutOff = {
      outcome: "removed-anchor",
      reason: "issuer-not-found",
      generation: { epoch: 1, number: 2 },
    } as const;
    const since = harness.clock.now();
    const slow = nowSeconds() - 3_000;
    await record({ counts: [{ ...cutOff, count: 3, at: slow, lastSeen: slow }] });
    harness.clock.advance(-hourMs);
    await record({ sequence: 2, counts: [{ ...cutOff, count: 4, at: since / 1_000, lastSeen: since / 1_000 }] });
    const question = { activationId: 0, network: "STAGING", caSetId, generation: cutOff.generation, since } as const;
    expect(await removedAnchorRefusals(harness.context.store.db, question)).toMatchObject({ clients: 7 });
  });
});

describe("retention", () => {
  test("a day of five minutes, then hours of the network with the same sums, for 90 days", async () => {
    const { harness, record, rows, total } = await setUp();
    const second = await harness.node("two", "STAGING");
    await record({ counts: [{ count: 3 }] });
    await record({ counts: [{ count: 4 }] }, second);
    harness.clock.advance(23 * hourMs);
    await summariseHandshakes(harness.context);
    expect((await rows()).map(({ bucket_seconds }) => bucket_seconds)).toEqual([300, 300]);
    harness.clock.advance(2 * hourMs);
    await summariseHandshakes(harness.context);
    await summariseHandshakes(harness.context);
    expect(await rows()).toMatchObject([{ bucket_seconds: 3_600, node_id: "", count: 7 }]);
    harness.clock.advance(89 * 24 * hourMs - 2 * hourMs);
    await summariseHandshakes(harness.context);
    expect(await total()).toBe(7);
    harness.clock.advance(2 * 24 * hourMs);
    await summariseHandshakes(harness.context);
    expect(await rows()).toEqual([]);
  });

  test("what comes late is added to its hour", async () => {
    const { harness, record, rows, nowSeconds } = await setUp();
    const late = { at: nowSeconds(), lastSeen: nowSeconds(), count: 5 };
    await record({ counts: [{ count: 3 }] });
    harness.clock.advance(30 * hourMs);
    await summariseHandshakes(harness.context);
    await record({ sequence: 2, counts: [late] });
    await summariseHandshakes(harness.context);
    expect(await rows()).toMatchObject([{ bucket_seconds: 3_600, count: 8 }]);
  });

  test("when an anchor last let somebody in outlives the counts", async () => {
    const { harness, record, db } = await setUp();
    await record({ counts: [{}] });
    harness.clock.advance(200 * 24 * hourMs);
    await summariseHandshakes(harness.context);
    const anchors = await db.selectFrom("handshake_anchors").selectAll().execute();
    expect(anchors).toMatchObject([{ anchor: root.fingerprint }]);
  });

  test("a table that is too full gives up detail first and no count, then the oldest hours", async () => {
    const { harness, record, rows, total, nowSeconds } = await setUp();
    const hours = [1, 2, 3, 4].map((back) => ({ at: nowSeconds() - back * 3_600, count: 10 ** back }));
    await record({ counts: hours });
    await summariseHandshakes(harness.context, { fineRows: 2, coarseRows: 100 });
    expect((await rows()).filter(({ bucket_seconds }) => bucket_seconds === 300).length).toBeLessThanOrEqual(2);
    expect(await total()).toBe(11_110);
    const longAgo = { at: nowSeconds() - 80 * 24 * 3_600, count: 1 };
    await record({ sequence: 2, counts: [longAgo] });
    await summariseHandshakes(harness.context, { fineRows: 0, coarseRows: 4 });
    expect(await total()).toBe(11_110);
  });
});
