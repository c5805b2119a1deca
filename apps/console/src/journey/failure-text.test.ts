import { ApiProblem, NoAnswer } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { failureText } from "./failure-text.ts";

const refusal = (status: number) =>
  new ApiProblem({ type: "/x/y", title: "No", detail: "No.", status, instance: "/i" });

describe("a failure in the middle of the journey", () => {
  test.each([
    ["validating", "unreachable", /try again/],
    ["saving", "timeout", /may or may not have been saved.*not made twice/],
    ["saving", "foreign", /kept on this page/],
    ["deploying", "unreachable", /not begun twice/],
  ] as const)("while %s, %s, says what is known and what to do", (doing, kind, words) => {
    expect(failureText(new NoAnswer(kind, "Gone."), doing)?.body).toMatch(words);
  });

  test("of a session that ended says that nothing was written", () => {
    expect(failureText(refusal(401), "saving")?.body).toMatch(/Nothing was written.*Try again/);
  });

  test("that the server explains is left to its words", () => {
    expect([refusal(400), refusal(409), refusal(500), new TypeError("x")].map((e) => failureText(e, "saving"))).toEqual(
      [undefined, undefined, undefined, undefined],
    );
  });
});
