import { ApiProblem } from "@tcm/api-contract";
import { expect, test } from "vitest";
import { readHostnames } from "./hostnames.ts";
import { openingsOf } from "./openings.ts";
import { progressText } from "./progress-text.ts";

test.each([
  ["a.example\nb.example", ["a.example", "b.example"]],
  [" A.example, b.example ,a.EXAMPLE\n\n", ["a.example", "b.example"]],
  ["  ", []],
])("hostnames are read from %j", (text, hostnames) => {
  expect(readHostnames(text)).toEqual(hostnames);
});

test("what a change opens is what the server says, and no other problem", () => {
  const body = { title: "t", detail: "api.example is bound to no set.", status: 409, instance: "/i" };
  expect(openingsOf(new ApiProblem({ ...body, type: "/x/confirmation-required" }))).toBe(body.detail);
  expect(openingsOf(new ApiProblem({ ...body, type: "/x/precondition-failed" }))).toBeUndefined();
  expect(openingsOf(new Error("x"))).toBeUndefined();
});

test.each([
  ["COMPLETE", 100, "complete"],
  ["IN_PROGRESS", 40, "40 %"],
  ["REJECTED", 50, "rejected by a node"],
] as const)("a deployment that is %s is told", (status, percentComplete, text) => {
  expect(progressText({ status, percentComplete, generation: "1.1" })).toBe(text);
});
