import { describe, expect, test } from "vitest";
import { hasMoreValues } from "./count-values.ts";

describe("values of a JSON text are counted before it is decoded", () => {
  test.each([
    ["[1,2,3]", 3],
    ['{"a":[{"b":1}]}', 3],
    ["[".repeat(50), 50],
    ['["[,{","\\",[",1]', 3],
  ])("%s has about as many as its marks outside of strings", (json, count) => {
    expect(hasMoreValues(json, count)).toBe(false);
    expect(hasMoreValues(json, count - 1)).toBe(true);
  });
});
