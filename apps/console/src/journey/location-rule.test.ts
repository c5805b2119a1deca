import { describe, expect, test } from "vitest";
import { ruleText } from "./location-rule.ts";

describe("the rule of the networks is told before anything is deployed", () => {
  test.each([true, false])("both: staging goes first (new set: %s)", (isNew) => {
    expect(ruleText(isNew, ["PRODUCTION", "STAGING"])).toMatch(/^Staging goes first.*not at all when staging fails/);
  });

  test("a new set must be on both before it can be used", () => {
    expect(ruleText(true, ["STAGING"])).toMatch(/must be on both networks/);
    expect(ruleText(true, [])).toMatch(/must be on both networks/);
  });

  test("a new set that skips staging is told so", () => {
    expect(ruleText(true, ["PRODUCTION"])).toMatch(/without having been tried on staging/);
  });

  test.each([
    [["STAGING"]],
    [["PRODUCTION"]],
    [[]],
  ] as const)("an existing set may run different versions (%j)", (chosen) => {
    expect(ruleText(false, chosen)).toMatch(/different versions/);
  });
});
