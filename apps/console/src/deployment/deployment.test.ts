import type { ActivationView, HandshakeSummary } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { deadlineText, timeLeft } from "./countdown.ts";
import { impactOf, impactTitle } from "./impact.ts";
import { nextSteps } from "./next-steps.ts";
import type { NodeView } from "./node-state-text.ts";
import { cancelText, type Outcome, outcomeOf, outcomeText, reasonText } from "./outcome.ts";
import { percentShown, stagesOf, watchedSentence } from "./stages.ts";

const nowMs = Date.parse("2026-11-24T12:00:00Z");

type Change = Partial<ActivationView>;
function activation(change: Change = {}): ActivationView {
  const usual = { activationId: 5, caSetId: "1", caSetName: "partners", version: 3, network: "STAGING" } as const;
  const state = {
    activationType: "ACTIVATE",
    activationStatus: "FAILED",
    failureReason: "Rejected by a: no.",
  } as const;
  return { ...usual, ...state, previousVersion: 2, removesTrustOnly: false, ...change } as ActivationView;
}
const first = (change: Partial<NonNullable<ActivationView["oneNodeFirst"]>> = {}) => ({
  oneNodeFirst: {
    nodeId: "edge-1",
    phase: "FIRST_NODE" as const,
    observationSeconds: 30,
    maxRefusedClients: 0,
    provedDate: null,
    releasedDate: null,
    ...change,
  },
});
const newest = { activationId: 5, version: 3 };

describe("how a deployment ended, and what is served since (spec section 6)", () => {
  test.each<[string, Change, number | null, Outcome]>([
    ["complete", { activationStatus: "COMPLETE" }, 3, "complete"],
    ["rejected: what was there goes out again", {}, 2, "restored"],
    ["rejected, and nothing was there", { previousVersion: null }, null, "restored"],
    ["rejected, a removal: never put back by itself", { removesTrustOnly: true }, 3, "kept"],
    ["late: it stays", { failureReason: "Not proved before the deadline on a (expected)." }, 3, "kept"],
    ["a withdrawal that is late", { activationType: "DEACTIVATE", version: 2 }, null, "kept"],
    ["a removal that went no further than its first node", { removesTrustOnly: true, ...first() }, 2, "stopped"],
    [
      "a removal that somebody cancelled there",
      { removesTrustOnly: true, failureReason: "Cancelled by ann.", ...first() },
      2,
      "restored",
    ],
    ["one node first, no removal", first(), 2, "restored"],
  ])("%s", (_, change, active, outcome) => {
    expect(outcomeOf(activation(change), { active, newest })).toBe(outcome);
  });

  test("it is not said while it runs, nor before it is known what came after it", () => {
    expect(outcomeOf(activation({ activationStatus: "IN_PROGRESS" }), { active: 2, newest })).toBeUndefined();
    expect(outcomeOf(activation(), { active: 2, newest: undefined })).toBeUndefined();
    expect(outcomeOf(activation(), { active: 3, newest: { activationId: 6, version: 3 } })).toBe("followed");
  });

  test.each<[Outcome, Change, RegExp]>([
    ["restored", {}, /^Version 2 goes out again to every node, .* what staging serves\.$/],
    ["restored", { previousVersion: null }, /^Nothing of this set goes out again/],
    ["kept", { removesTrustOnly: true }, /never put back by itself/],
    ["kept", {}, /follow when they can/],
    ["stopped", first(), /no further than edge-1, .* keep version 2/],
    ["followed", {}, /Another deployment/],
    ["complete", {}, /^Staging serves version 3\.$/],
    ["complete", { activationType: "DEACTIVATE" }, /serves nothing of this set/],
  ])("%s with %j is said in words", (outcome, change, text) => {
    expect(outcomeText(activation(change), outcome)).toMatch(text);
  });

  test.each<[string, Outcome | undefined, string]>([
    [
      "Not proved before the deadline on a (expected), b (applied). These nodes converge when they can.",
      "kept",
      "Not proved before the deadline on a (nothing was heard of it), b (not proved yet).",
    ],
    ["Rejected by a: no. The change only removes trust and stays in force elsewhere.", "kept", "Rejected by a: no."],
    [
      "Not proved before the deadline on a (delivered).",
      "restored",
      "Not proved before the deadline on a (not applied yet).",
    ],
    ["Rejected by a: no. The previous content is being deployed again.", "restored", "Rejected by a: no."],
    ["Rejected by a: an alert (applied to b).", "restored", "Rejected by a: an alert (applied to b)."],
    [
      "Rejected by a: no. The change only removes trust and stays in force elsewhere.",
      "followed",
      "Rejected by a: no. The change only removes trust and stays in force elsewhere.",
    ],
  ])("%s %s", (reason, outcome, text) => {
    expect(reasonText(reason, outcome)).toBe(text);
  });

  test("who cancels is told that removed trust comes back", () => {
    expect(cancelText(activation())).toBe("It ends as failed. Version 2 goes out again to every node.");
    expect(cancelText(activation({ removesTrustOnly: true }))).toMatch(/are trusted again\.$/);
  });
});

describe("what can be done next", () => {
  test.each<[string, Outcome, Change, readonly string[]]>([
    ["complete on staging", "complete", {}, ["Deploy to production", "Roll back to version 2"]],
    ["complete on production", "complete", { network: "PRODUCTION" }, ["Roll back to version 2"]],
    ["complete, the first one", "complete", { network: "PRODUCTION", previousVersion: null }, []],
    ["complete, once more", "complete", { network: "PRODUCTION", previousVersion: 3 }, []],
    ["restored", "restored", {}, ["Deploy version 3 again"]],
    ["kept", "kept", {}, ["Deploy version 3 again", "Roll back to version 2"]],
    ["stopped", "stopped", {}, ["Deploy version 3 again", "Deploy version 2 again"]],
    ["withdrawn", "complete", { activationType: "DEACTIVATE" }, ["Deploy version 2 again"]],
    ["followed", "followed", {}, []],
  ])("%s", (_, outcome, change, labels) => {
    expect(nextSteps(activation(change), outcome, 1).map(({ label }) => label)).toEqual(labels);
  });

  test("production that has the version already is not offered it", () => {
    expect(nextSteps(activation({ previousVersion: null }), "complete", 3)).toEqual([]);
  });
});

describe("time is counted down in text", () => {
  test.each([
    [0, undefined],
    [-1, undefined],
    [1, "1 s"],
    [59_001, "1 min 0 s"],
    [580_000, "9 min 40 s"],
    [Number.NaN, undefined],
  ])("%i ms are %s", (ms, text) => expect(timeLeft(nowMs + ms, nowMs)).toBe(text));

  test("to the deadline", () => {
    expect(deadlineText("2026-11-24T12:09:40Z", nowMs)).toBe("It ends in 9 min 40 s at the latest.");
    expect(deadlineText("2026-11-24T11:59:00Z", nowMs)).toBe("Its time is over: it ends now.");
  });
});

describe("one node goes first, shown as stages", () => {
  const nodes = ["edge-1", "edge-2", "edge-3"].map(
    (nodeId, i) =>
      ({ nodeId, state: i < 2 ? "verified" : "expected", requiredLevel: "verified", excludedDate: null }) as NodeView,
  );
  const states = (change: Change) => stagesOf(activation(change), nodes, nowMs)?.map(({ state }) => state);
  const proved = { provedDate: "2026-11-24T11:59:50Z" };

  test.each<[string, Change, readonly string[] | undefined]>([
    ["all at once", {}, undefined],
    ["at the first", { activationStatus: "IN_PROGRESS", ...first() }, ["now", "waiting", "waiting"]],
    [
      "watched",
      { activationStatus: "IN_PROGRESS", ...first({ phase: "OBSERVATION", ...proved }) },
      ["done", "now", "waiting"],
    ],
    ["the rest", { activationStatus: "IN_PROGRESS", ...first({ phase: "REST", ...proved }) }, ["done", "done", "now"]],
    ["complete", { activationStatus: "COMPLETE", ...first({ phase: "REST", ...proved }) }, ["done", "done", "done"]],
    ["failed at the first", first(), ["stopped", "stopped", "stopped"]],
    ["failed while watched", first({ phase: "OBSERVATION", ...proved }), ["done", "stopped", "stopped"]],
    ["failed among the rest", first({ phase: "REST", ...proved }), ["done", "done", "stopped"]],
  ])("%s", (_, change, expected) => expect(states(change)).toEqual(expected));

  test("with the time that it is still watched, and how many of the others followed", () => {
    const sentence = (change: Change, stage: number) => stagesOf(activation(change), nodes, nowMs)?.[stage]?.sentence;
    const watched = { activationStatus: "IN_PROGRESS", ...first({ phase: "OBSERVATION", ...proved }) } as const;
    expect(sentence(watched, 1)).toBe(
      "For another 20 s. 0 clients of a removed CA were refused so far; the first one stops it.",
    );
    const busy = { ...watched, ...first({ phase: "OBSERVATION", ...proved, refusedClients: 1, maxRefusedClients: 2 }) };
    expect(sentence(busy, 1)).toMatch(/1 client of a removed CA was refused so far; more than 2 stop it\.$/);
    const rest = { activationStatus: "IN_PROGRESS", ...first({ phase: "REST", ...proved }) } as const;
    expect(sentence(rest, 2)).toBe("1 of 2 nodes proved it.");
  });
});

describe("while the first node is watched, nobody is told that all is done", () => {
  const node = (nodeId: string, state: NodeView["state"]) =>
    ({ nodeId, state, requiredLevel: "verified", excludedDate: null }) as NodeView;
  const alone = [node("edge-1", "verified")];
  const three = [...alone, node("edge-2", "expected"), node("edge-3", "expected")];
  const running = { activationStatus: "IN_PROGRESS", percentComplete: 100 } as const;
  const watched = first({ phase: "OBSERVATION", provedDate: "2026-11-24T11:59:50Z" });
  const utc = (ms: number) => new Date(ms).toISOString().slice(11, 19);

  test.each<[string, Change, readonly NodeView[], number]>([
    ["its time counts like one node more", watched, alone, 50],
    ["and less where there are more", watched, three, 25],
    ["before it has proved anything it is nothing", first(), [node("edge-1", "delivered")], 0],
    ["afterwards the nodes alone count", first({ phase: "REST" }), alone, 100],
    ["as they do all at once", {}, alone, 100],
    ["and once it has ended", { ...watched, activationStatus: "FAILED" }, alone, 100],
  ])("%s", (_, change, nodes, percent) => {
    expect(percentShown(activation({ ...running, ...change }), nodes)).toBe(percent);
  });

  test("it is said who serves it, until when, and what comes then", () => {
    const said = (nodes: readonly NodeView[], change: Change = watched) =>
      watchedSentence(activation({ ...running, ...change }), nodes, utc);
    expect(said(three)).toBe("1 of 3 nodes serves it, and is watched until 12:00:20. Then the other 2 nodes are told.");
    expect(said(alone)).toMatch(/^1 of 1 node serves it.*Then it is complete: there are no others\.$/);
    expect(said(three, first())).toBeUndefined();
    expect(said(three, { ...watched, activationStatus: "FAILED" })).toBeUndefined();
  });
});

describe("who would break", () => {
  const loses = (...names: readonly string[]) => ({
    losesAccess: names.map((name) => ({ subject: `CN=${name}`, fingerprint: name })),
    stillTrusted: [],
  });
  const seen = (fingerprint: string, accepted: number, lastAcceptedDate: string | null) =>
    ({ fingerprint, accepted, lastAcceptedDate }) as HandshakeSummary["anchors"][number];

  test("the busiest first, those that were never seen last", () => {
    const anchors = [
      seen("b", 9, "2026-11-24T00:00:00Z"),
      seen("c", 0, "2026-09-01T00:00:00Z"),
      seen("other", 99, null),
    ];
    expect(impactOf(loses("a", "c", "b"), { anchors })).toEqual([
      { fingerprint: "b", name: "b", handshakes: 9, lastSeen: "2026-11-24T00:00:00Z" },
      { fingerprint: "c", name: "c", handshakes: 0, lastSeen: "2026-09-01T00:00:00Z" },
      { fingerprint: "a", name: "a", handshakes: 0, lastSeen: null },
    ]);
  });

  test("in one line: those alone who were seen in 30 days would notice", () => {
    const title = (...anchors: HandshakeSummary["anchors"]) =>
      impactTitle(impactOf(loses("a", "b"), { anchors }), nowMs);
    expect(impactTitle([], nowMs)).toBe("Nobody loses access.");
    expect(title(seen("a", 0, "2026-09-01T00:00:00Z"))).toMatch(/^Nobody was seen in 30 days/);
    expect(title(seen("a", 3, "2026-11-20T00:00:00Z"))).toMatch(/^Clients of one CA were seen/);
    expect(title(seen("a", 3, "2026-11-20T00:00:00Z"), seen("b", 1, "2026-11-20T00:00:00Z"))).toMatch(
      /^Clients of 2 CAs/,
    );
  });
});
