import { describe, expect, test } from "vitest";
import { emptyDraft } from "./draft.ts";
import {
  beginJourney,
  changeJourney,
  type JourneyChange,
  type JourneyStart,
  lossOf,
  stepsOf,
} from "./journey-state.ts";
import { usualStrategy } from "./strategy.ts";

const newSet: JourneyStart = {
  draft: emptyDraft(),
  caSetName: "",
  target: { kind: "new-set" },
  version: 1,
  active: { STAGING: null, PRODUCTION: null },
  takenNames: new Set(),
};
const edit: JourneyStart = { ...newSet, target: { kind: "edit", caSetId: "1", version: 3, etag: '"v3"' } };
const saved = { caSetId: "1", version: 1 };

function after(start: JourneyStart, ...changes: readonly JourneyChange[]) {
  return changes.reduce(changeJourney, beginJourney(start));
}

const loss = (start: JourneyStart, ...changes: readonly JourneyChange[]) => lossOf(start, after(start, ...changes));

describe("a journey", () => {
  test("begins with the name for a new set, and with the certificates otherwise", () => {
    expect(after(newSet).step).toBe("name");
    expect(after(edit).step).toBe("certificates");
    expect([stepsOf(newSet.target)[0], stepsOf(edit.target)[0]]).toEqual(["name", "certificates"]);
    expect(after(newSet, { type: "name", caSetName: "partners" })).toMatchObject({
      step: "certificates",
      caSetName: "partners",
    });
  });

  test("shows how the deployment goes, and nothing when the version was only saved", () => {
    const location: JourneyChange = { type: "go", step: "location" };
    expect(after(newSet, location, { type: "saved", saved, networks: ["STAGING"] }).step).toBe("progress");
    expect(after(newSet, location, { type: "saved", saved, networks: [] }).step).toBe("location");
  });

  test("goes to all nodes at once, unless one is to go first", () => {
    expect(after(newSet).strategy).toEqual(usualStrategy);
    const strategy = { ...usualStrategy, order: "ONE_NODE_FIRST" } as const;
    const oneFirst: JourneyChange = { type: "strategy", strategy };
    expect(after(newSet, oneFirst, { type: "saved", saved, networks: ["STAGING"] }).strategy).toEqual(strategy);
  });

  test("takes the version of somebody else in the place of one's own", () => {
    const target = { kind: "edit", caSetId: "1", version: 3, etag: '"theirs"' } as const;
    const theirs = emptyDraft();
    const state = after(edit, { type: "go", step: "review" }, { type: "restart", draft: theirs, target });
    expect(state).toMatchObject({ step: "certificates", target });
    expect(state.draft).toBe(theirs);
  });
});

describe("leaving loses", () => {
  test("nothing, while nothing was changed", () => {
    expect(loss(newSet)).toBeUndefined();
    expect(loss(edit, { type: "go", step: "review" })).toBeUndefined();
  });

  test.each([
    ["a name", { type: "name", caSetName: "partners" }],
    ["an option", { type: "draft", change: { type: "set-option", option: "allowInsecureSha1", value: true } }],
    ["words", { type: "draft", change: { type: "describe-version", description: "for partners" } }],
  ] as const)("%s that was given and not saved", (_name, change) => {
    expect(loss(newSet, change)).toMatch(/Leaving discards it/);
  });

  test("the certificates of a set that was made, while its version was not", () => {
    const made: JourneyChange = { type: "aim", target: { kind: "new-version", caSetId: "1" } };
    expect(loss(newSet, { type: "name", caSetName: "partners" }, made)).toMatch(/The set partners is made/);
  });

  test("production, while it waits for staging, and nothing once both are over", () => {
    const both: JourneyChange = { type: "saved", saved, networks: ["STAGING", "PRODUCTION"] };
    expect(loss(newSet, both)).toMatch(/Production begins from this page/);
    expect(loss(newSet, both, { type: "over", isOver: true })).toBeUndefined();
    const again: JourneyChange = { type: "over", isOver: false };
    expect(loss(newSet, both, { type: "over", isOver: true }, again)).toMatch(/Production begins from this page/);
    expect(loss(newSet, { type: "saved", saved, networks: ["STAGING"] })).toBeUndefined();
    expect(loss(newSet, { type: "saved", saved, networks: [] })).toBeUndefined();
  });
});
