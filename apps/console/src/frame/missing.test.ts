import { ApiProblem, NoAnswer } from "@tcm/api-contract";
import { expect, test } from "vitest";
import { missingOf } from "./missing.ts";

const problem = (code: string, status: number, detail = "Said by the server.") =>
  new ApiProblem({ type: `/error-types/${code}`, title: "", detail, status, instance: "" });

test.each([
  ["ca-set-not-found", 404, "There is no such certificate set", "Said by the server."],
  ["edge-node-not-found", 404, "There is no such edge node", "Said by the server."],
  ["anything-else-not-found", 404, "There is nothing at this address", "Said by the server."],
  [
    "path-variable-query-param-type-mismatch",
    400,
    "There is nothing at this address",
    "What it names cannot be there.",
  ],
])("an address that meets %s names what is not there", (code, status, title, detail) => {
  expect(missingOf(problem(code, status))).toEqual({ title, detail });
});

test("the title is not said twice", () => {
  const missing = missingOf(problem("ca-set-not-found", 404, "There is no CA set 7."));
  expect(missing).toEqual({ title: "There is no such certificate set" });
});

test.each([
  [problem("internal-error", 500)],
  [problem("forbidden", 403)],
  [new NoAnswer("unreachable", "")],
  ["text"],
])("any other error is not about the address", (error) => expect(missingOf(error)).toBeUndefined());
