import { expect, test } from "vitest";
import { journeyHeading, journeyTitle } from "./journey-title.ts";

const newSet = { target: { kind: "new-set" }, caSetName: "" } as const;
const newVersion = { target: { kind: "new-version", caSetId: "7" }, caSetName: "partners" } as const;
const edit = { target: { kind: "edit", caSetId: "7", version: 2, etag: '"1"' }, caSetName: "partners" } as const;

test("the heading says what is done", () => {
  expect([newSet, newVersion, edit].map(journeyHeading)).toEqual([
    "Create new set",
    "New version of partners",
    "Edit version 2 of partners",
  ]);
});

test("the title names the step, and what was saved once something was", () => {
  const state = { saved: undefined, caSetName: "partners" };
  expect(journeyTitle(newSet, { ...state, step: "name" })).toBe("Create new set: name");
  expect(journeyTitle(newVersion, { ...state, step: "review" })).toBe("New version of partners: review");
  const saved = { caSetId: "7", version: 3 };
  expect(journeyTitle(newSet, { ...state, saved, step: "progress" })).toBe("partners version 3: deployment");
});
