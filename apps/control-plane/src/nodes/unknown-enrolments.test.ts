import { describe, expect, test } from "vitest";
import { openUnknownEnrolments } from "./unknown-enrolments.ts";

describe("an enrolment that the store did not know", () => {
  test("is not looked up again for a minute", () => {
    const unknown = openUnknownEnrolments();
    expect(unknown.has("a", 0)).toBe(false);
    unknown.add("a", 0);
    expect(unknown.has("a", 59_999)).toBe(true);
    expect(unknown.has("b", 59_999)).toBe(false);
    expect(unknown.has("a", 60_000)).toBe(false);
  });

  test("takes no more memory than for ten thousand", () => {
    const unknown = openUnknownEnrolments();
    for (let i = 0; i <= 10_000; i++) unknown.add(`${i}`, 0);
    expect(unknown.has("0", 0)).toBe(false);
    expect(unknown.has("10000", 0)).toBe(true);
  });
});
