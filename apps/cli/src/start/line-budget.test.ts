import { fixedClock } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { lineBudget } from "./line-budget.ts";

describe("a flood of warnings", () => {
  test("is cut to what a person can read, and its size is said", () => {
    const clock = fixedClock();
    const said: string[] = [];
    const pass = lineBudget((text) => said.push(text), clock.now);
    for (let i = 0; i < 1_000; i++) pass("edge", `edge: ${i}\n`);
    expect(said).toHaveLength(20);
    clock.advance(10_000);
    pass("edge", "edge: last\n");
    expect(said.slice(20)).toEqual(["edge: 980 more lines are in its log\n", "edge: last\n"]);
  });
});
