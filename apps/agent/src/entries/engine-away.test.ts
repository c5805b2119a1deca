import type { EngineOutcome } from "@tcm/edge";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { caSet, startTestAgent, testControlPlane } from "../testing/test-agent.ts";

const pki = testPki();
const rootA = pki.root("Root A");
const rootB = pki.root("Root B");
const away: EngineOutcome = { ok: false, code: "engine-away", detail: "HAProxy does not answer" };

describe("an engine that is away", () => {
  test("has refused nothing: the entry waits with its words, and is served and proved when it is back", async () => {
    let isAway = true;
    const { plane, engine } = await startTestAgent({ answer: () => (isAway ? away : undefined) });
    const entry = plane.put(caSet(plane, "1", [rootA]));
    await plane.until(() => plane.reports.some(({ detail }) => detail === away.detail), "its words");
    expect(plane.reports.map(({ state }) => state)).not.toContain("rejected");
    expect(engine.contents.size).toBe(0);
    isAway = false;
    await plane.reported(entry, "verified");
  });

  test("is told once, and passed over by a newer generation", async () => {
    let isAway = true;
    const { plane, engine } = await startTestAgent({ answer: () => (isAway ? away : undefined) });
    plane.put(caSet(plane, "1", [rootA]));
    const told = () => plane.reports.filter(({ detail }) => detail === away.detail);
    await plane.until(() => told().length > 0, "its words");
    const calls = engine.calls.length;
    await expect.poll(() => engine.calls.length).toBeGreaterThan(calls + 4);
    expect(told()).toHaveLength(1);
    isAway = false;
    await plane.reported(plane.put(caSet(plane, "1", [rootB], 2)), "verified");
  });

  test("when it is to prove has not failed to: the entry stays applied with its words, and is proved later", async () => {
    let isAway = true;
    const { plane } = await startTestAgent({ answer: (step) => (isAway && step === "verify" ? away : undefined) });
    const entry = plane.put(caSet(plane, "1", [rootA]));
    await plane.until(() => plane.reports.some(({ detail }) => detail === away.detail), "its words");
    expect(plane.reports.at(-1)).toMatchObject({ state: "applied", detail: away.detail });
    isAway = false;
    await plane.reported(entry, "verified");
    expect(plane.reports.map(({ state }) => state)).not.toContain("rejected");
  });

  test("at the start of the agent, keeps its last good content and serves it when it is back", async () => {
    const plane = await testControlPlane();
    const first = await startTestAgent({ plane });
    await plane.reported(plane.put(caSet(plane, "1", [rootA])), "verified");
    await first.agent.close();
    await plane.stop();
    let isAway = true;
    const { directory } = first;
    const second = await startTestAgent({ plane, directory, answer: () => (isAway ? away : undefined) });
    expect(second.engine.contents.size).toBe(0);
    isAway = false;
    await expect.poll(() => second.engine.contents.size).toBe(1);
  });
});
