import type { HandshakeReport } from "@tcm/api-contract";
import { HandshakeTable, type SeenHandshake } from "@tcm/edge";
import { fixedClock } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startTestAgent, testControlPlane } from "../testing/test-agent.ts";
import { HandshakeReports } from "./handshake-reports.ts";

function accepted(at = 60, caSetId = "1"): SeenHandshake {
  const generation = { epoch: 1, number: 1 };
  const kind = { caSetId, version: 1, generation, anchor: "a".repeat(64), outcome: "accepted", reason: "" } as const;
  return { kind, at };
}

function cutOff(): SeenHandshake {
  const { kind, at } = accepted();
  return { kind: { ...kind, outcome: "removed-anchor", reason: "issuer-not-found" }, at };
}

/** A control plane that is there or not, takes reports or loses them, and counts each once. */
function setUp() {
  const clock = fixedClock();
  const table = new HandshakeTable();
  const sent: HandshakeReport[] = [];
  const state = { isThere: true };
  const reports = new HandshakeReports({
    table,
    clock: clock.now,
    tell: (report) => {
      if (state.isThere) sent.push(report);
      return state.isThere;
    },
    onLost: () => undefined,
  });
  return { clock, table, sent, state, reports };
}

describe("what a node saw goes to the control plane", () => {
  test("one report at a time, the next when that one is taken and ten seconds have passed", () => {
    const { clock, table, sent, reports } = setUp();
    table.add(accepted());
    reports.look();
    table.add(accepted());
    reports.look();
    expect(sent).toHaveLength(1);
    reports.taken(sent[0] ?? { stream: "", sequence: 0 });
    reports.look();
    expect(sent).toHaveLength(1);
    clock.advance(10_000);
    reports.look();
    expect(sent.map(({ sequence, counts }) => [sequence, counts[0]?.count])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  test("at once where a removal cuts off clients", () => {
    const { table, sent, reports } = setUp();
    table.add(accepted());
    reports.look();
    reports.taken(sent[0] ?? { stream: "", sequence: 0 });
    table.add(cutOff());
    reports.look();
    expect(sent[1]?.counts[0]).toMatchObject({ outcome: "removed-anchor", count: 1 });
  });

  test("again under the same number until it is taken", () => {
    const { clock, table, sent, reports } = setUp();
    table.add(accepted());
    reports.look();
    reports.sessionBegins();
    clock.advance(30_000);
    reports.look();
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((report) => JSON.stringify(report))).size).toBe(1);
  });

  test("when the control plane comes back, with everything counted once", () => {
    const { clock, table, sent, state, reports } = setUp();
    state.isThere = false;
    for (let minute = 0; minute < 5_000; minute++) {
      table.add(accepted(minute * 60));
      reports.look();
      clock.advance(60_000);
    }
    state.isThere = true;
    reports.sessionBegins();
    reports.taken(sent[0] ?? { stream: "", sequence: 0 });
    clock.advance(10_000);
    reports.look();
    const counts = sent.flatMap((report) => report.counts);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
    expect(sent.every(({ lost }) => lost === 0)).toBe(true);
  });

  test("whatever gets lost on the way, sums are exact for whoever keeps the highest sequence", () => {
    const step = fc.constantFrom("see", "look", "take", "session", "away", "back", "wait");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { clock, table, sent, state, reports } = setUp();
        let seen = 0;
        const takeLast = () => {
          const last = sent.at(-1);
          if (last !== undefined) reports.taken(last);
        };
        for (const what of steps) {
          if (what === "see") seen++;
          if (what === "see") table.add(accepted());
          if (what === "look") reports.look();
          if (what === "take") takeLast();
          if (what === "session") reports.sessionBegins();
          if (what === "away") state.isThere = false;
          if (what === "back") state.isThere = true;
          if (what === "wait") clock.advance(31_000);
        }
        state.isThere = true;
        for (let i = 0; i < 3; i++) {
          clock.advance(31_000);
          reports.look();
          takeLast();
        }
        let highest = 0;
        let sum = 0;
        for (const { sequence, counts } of sent) {
          if (sequence <= highest) continue;
          highest = sequence;
          for (const { count } of counts) sum += count;
        }
        expect(sum).toBe(seen);
      }),
    );
  });
});

describe("an agent", () => {
  test("tells its control plane what the engine saw", async () => {
    const { plane, handshake } = await startTestAgent();
    handshake(accepted());
    await plane.until(() => plane.handshakes.length > 0, "a report of handshakes");
    expect(plane.handshakes[0]?.counts).toMatchObject([{ caSetId: "1", outcome: "accepted", count: 1 }]);
  });

  test("says it again in the next session, under the same number, when it did not hear that it was taken", async () => {
    const plane = await testControlPlane();
    plane.takesHandshakes = "silently";
    const { handshake } = await startTestAgent({ plane });
    handshake(accepted());
    await plane.until(() => plane.handshakes.length === 1, "the report");
    plane.dropSessions();
    await plane.until(() => plane.handshakes.length === 2, "the report again");
    expect(plane.handshakes[1]).toEqual(plane.handshakes[0]);
  });

  test.each([
    true,
    false,
  ])("names clients that were cut off to a control plane that knows of them: %j", async (knows) => {
    const plane = await testControlPlane();
    plane.takesCutOff = knows;
    const { handshake } = await startTestAgent({ plane });
    const { kind, at } = accepted();
    const client = { fingerprint: "c".repeat(64), notAfter: at };
    handshake({
      kind: { ...kind, outcome: "removed-anchor", reason: "issuer-not-found" },
      at,
      client,
      isProved: false,
    });
    await plane.until(() => plane.handshakes.length === 1, "the report");
    expect(plane.handshakes[0]?.counts).toMatchObject([{ outcome: "removed-anchor" }]);
    const told = knows ? [expect.objectContaining({ fingerprint: "c".repeat(64), isProved: false })] : undefined;
    expect(plane.handshakes[0]?.cutOff).toEqual(told);
  });

  test("says nothing of it to a control plane of before, and keeps it for one that takes it", async () => {
    const plane = await testControlPlane();
    plane.takesHandshakes = "no";
    const { handshake } = await startTestAgent({ plane });
    handshake(accepted());
    await plane.until(() => plane.hellos.length === 1, "the first session");
    plane.takesHandshakes = "yes";
    plane.dropSessions();
    await plane.until(() => plane.handshakes.length === 1, "the report");
    expect(plane.hellos).toHaveLength(2);
  });
});
