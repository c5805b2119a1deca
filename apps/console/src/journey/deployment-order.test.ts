import { describe, expect, test } from "vitest";
import { inOrder, isOver, type Outcomes, phaseOf } from "./deployment-order.ts";

const both = inOrder(["PRODUCTION", "STAGING"]);
const production = (outcomes: Outcomes) => phaseOf("PRODUCTION", both, outcomes);

describe("staging goes first, and production", () => {
  test("waits while staging is under way", () => {
    expect(both).toEqual(["STAGING", "PRODUCTION"]);
    expect(phaseOf("STAGING", both, {})).toBe("begins");
    expect(production({})).toBe("waits");
    expect(isOver(both, {})).toBe(false);
  });

  test("begins when staging is complete", () => {
    expect(production({ STAGING: "complete" })).toBe("begins");
    expect(isOver(both, { STAGING: "complete" })).toBe(false);
    expect(isOver(both, { STAGING: "complete", PRODUCTION: "complete" })).toBe(true);
  });

  test("stays as it is when staging failed", () => {
    expect(production({ STAGING: "failed" })).toBe("stays");
    expect(isOver(both, { STAGING: "failed" })).toBe(true);
  });

  test("begins at once when it goes alone", () => {
    expect(phaseOf("PRODUCTION", ["PRODUCTION"], {})).toBe("begins");
    expect(isOver(["PRODUCTION"], { PRODUCTION: "failed" })).toBe(true);
  });
});
