import { handshakeReasons, handshakeReport } from "@tcm/api-contract";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HandshakeTable, type HandshakeTally, type SeenHandshake } from "./handshake-table.ts";

const roomy = { maxCounts: 2_000, maxClients: 1_000 };

function seen(at: number, about: Partial<SeenHandshake["kind"]> = {}, fingerprint?: string): SeenHandshake {
  const kind = {
    caSetId: "1",
    version: 1,
    generation: { epoch: 1, number: 1 },
    anchor: "a".repeat(64),
    outcome: "accepted" as const,
    reason: "" as const,
    ...about,
  };
  return { kind, at, client: fingerprint === undefined ? undefined : { fingerprint, notAfter: at + 1_000 } };
}

function tallyOf(handshakes: readonly SeenHandshake[], limits = roomy): HandshakeTally {
  const table = new HandshakeTable(limits);
  for (const handshake of handshakes) table.add(handshake);
  return table.take() ?? { lost: 0, counts: [], clients: [] };
}

function total({ counts, lost }: HandshakeTally): number {
  return counts.reduce((sum, { count }) => sum + count, lost);
}

const anyHandshake = fc.record({ at: fc.integer({ min: 0, max: 100_000 }), set: fc.integer({ min: 1, max: 9 }) });

describe("clients whom a removal cut off", () => {
  const cutOff = (fingerprint: string, isProved?: boolean): SeenHandshake => ({
    ...seen(61, { outcome: "removed-anchor", reason: "issuer-not-found" }, fingerprint),
    ...(isProved !== undefined && { isProved }),
  });
  const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];

  test("are named once, apart from those that are let in, and as proved when they ever were", () => {
    const tally = tallyOf([cutOff(a), cutOff(a), cutOff(b, false), cutOff(b, true), cutOff(c, false), seen(61, {}, a)]);
    expect(tally.cutOff?.map(({ fingerprint, isProved }) => [fingerprint, isProved])).toEqual([
      [a, true],
      [b, true],
      [c, false],
    ]);
    expect(tally.clients).toHaveLength(1);
    expect(tallyOf([seen(61, {}, a)]).cutOff).toBeUndefined();
  });

  test("are so many at most, and their handshakes are counted all the same", () => {
    const { cutOff: told, counts } = tallyOf([cutOff(a), cutOff(b), cutOff(c)], { maxCounts: 10, maxClients: 2 });
    expect(told?.map(({ fingerprint }) => fingerprint)).toEqual([a, b]);
    expect(counts).toMatchObject([{ outcome: "removed-anchor", count: 3 }]);
  });

  test("that nobody judged are named as not proved and counted as refused, and one that is proved takes the place of another", () => {
    const refused = { outcome: "refused", anchor: "", reason: "issuer-not-found" } as const;
    const notJudged = (fingerprint: string) => ({ ...seen(61, refused, fingerprint), isNotJudged: true });
    const limits = { maxCounts: 10, maxClients: 2 };
    const named = ({ cutOff: told }: HandshakeTally) =>
      told?.map(({ fingerprint, isProved }) => [fingerprint, isProved]);
    const tally = tallyOf([notJudged(a), notJudged(b), notJudged(c)], limits);
    expect(named(tally)).toEqual([
      [a, false],
      [b, false],
    ]);
    expect([tally.counts, tally.clients]).toMatchObject([[{ outcome: "refused", count: 3 }], []]);
    expect(named(tallyOf([notJudged(a), cutOff(b), cutOff(c)], limits))).toEqual([
      [b, true],
      [c, true],
    ]);
    const table = new HandshakeTable(limits);
    table.add(notJudged(a));
    expect(table.hasRemovedAnchors).toBe(true);
  });
});

describe("the handshakes of a node, by the minute", () => {
  test("are counted by kind, with the last time each was seen", () => {
    const { counts } = tallyOf([seen(61), seen(119), seen(120), seen(100, { version: 2 })]);
    const summary = counts.map(({ at, version, count, lastSeen }) => [at, version, count, lastSeen]);
    expect(summary).toEqual([
      [60, 1, 2, 119],
      [60, 2, 1, 100],
      [120, 1, 1, 120],
    ]);
  });

  test("once taken are gone, and nothing is to be taken twice", () => {
    const table = new HandshakeTable(roomy);
    table.add(seen(1));
    expect(table.take()?.counts).toHaveLength(1);
    expect(table.take()).toBeUndefined();
  });

  test("give the same in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(anyHandshake, { maxLength: 60 }), fc.array(fc.nat(), { maxLength: 60 }), (list, order) => {
        const handshakes = list.map(({ at, set }) => seen(at, { caSetId: String(set) }));
        const shuffled = handshakes
          .map((handshake, i) => ({ handshake, rank: order[i] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ handshake }) => handshake);
        expect(tallyOf(shuffled).counts).toEqual(tallyOf(handshakes).counts);
      }),
    );
  });

  test("never take more rows than they may, and every one is counted or said to be lost", () => {
    fc.assert(
      fc.property(fc.array(anyHandshake, { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (list, maxCounts) => {
        const tally = tallyOf(
          list.map(({ at, set }) => seen(at, { caSetId: String(set) })),
          { maxCounts, maxClients: 3 },
        );
        expect(tally.counts.length).toBeLessThanOrEqual(maxCounts);
        expect(total(tally)).toBe(list.length);
        if (maxCounts >= 9) expect(tally.lost).toBe(0);
      }),
    );
  });

  test("of the oldest minutes are put together first: those of now keep their minute", () => {
    const { counts, lost } = tallyOf([seen(0), seen(60), seen(120), seen(180)], { maxCounts: 2, maxClients: 1 });
    expect(counts.map(({ at, count }) => [at, count])).toEqual([
      [0, 3],
      [180, 1],
    ]);
    expect(lost).toBe(0);
  });

  test("remember the clients seen last, each once, and none that was refused", () => {
    const clients = ["b", "c", "b", "d"].map((digit, i) => seen(i, {}, digit.repeat(64)));
    const refused = seen(9, { anchor: "", outcome: "refused", reason: "expired" }, "e".repeat(64));
    const tally = tallyOf([...clients, refused], { maxCounts: 9, maxClients: 2 });
    expect(tally.clients.map(({ fingerprint, lastSeen }) => [fingerprint[0], lastSeen])).toEqual([
      ["b", 2],
      ["d", 3],
    ]);
  });

  test("are a report that the protocol takes, and that fits a line, however many there were", () => {
    const many = Array.from({ length: 5_000 }, (_, i) =>
      seen(i * 60, { caSetId: String(1 + (i % 3_000)) }, i.toString(16).padStart(64, "0")),
    );
    const report = { stream: "0".repeat(16), sequence: 1, ...tallyOf(many) };
    expect(handshakeReport.safeParse(report).success).toBe(true);
    expect(JSON.stringify(report).length).toBeLessThan(1_000_000);
    expect(total(report)).toBe(5_000);
  });
});

describe("a report of handshakes", () => {
  const [count] = tallyOf([seen(60)]).counts;
  const report = { stream: "0".repeat(16), sequence: 1, lost: 0, counts: [count], clients: [] };

  test("of hex, numbers and words of closed lists is one", () => {
    expect(handshakeReport.safeParse(report).success).toBe(true);
  });

  test.each([
    ["a reason of no list", { reason: "\u001b[31mexpired" }],
    ["an outcome of no list", { outcome: "welcome" }],
    ["an anchor that is no SHA-256", { anchor: "CN=Partner CA" }],
    ["a set that is no number", { caSetId: "1 OR 1" }],
    ["a count of none", { count: 0 }],
    ["a count beyond what is exact", { count: 2 ** 53 }],
    ["more than it is asked for", { subject: "CN=someone" }],
  ])("with %s is none", (_what, wrong) => {
    expect(handshakeReport.safeParse({ ...report, counts: [{ ...count, ...wrong }] }).success).toBe(false);
  });

  test("of anything else is none, and nothing throws", () => {
    fc.assert(
      fc.property(fc.anything(), fc.dictionary(fc.string(), fc.anything(), { maxKeys: 3 }), (value, fields) => {
        expect(handshakeReport.safeParse(value).success).toBe(false);
        const { success } = handshakeReport.safeParse({ ...report, counts: [{ ...count, ...fields, reason: value }] });
        if (success) expect(handshakeReasons).toContain(value);
      }),
    );
  });
});
