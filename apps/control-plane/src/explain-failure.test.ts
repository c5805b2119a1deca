import { describe, expect, test } from "vitest";
import { UsageError } from "./command-line.ts";
import { explainFailure } from "./explain-failure.ts";
import { StoreError } from "./store/store-error.ts";

const fault = (members: object) => Object.assign(new Error("raw words"), members);

describe("a program that ends says why", () => {
  test.each([
    [new UsageError("--data DIR is missing."), "--data DIR is missing."],
    [new StoreError("no-store", "There is no store."), "There is no store."],
    [fault({ errcode: 13 }), "The disk of the store is full. Mend that, and start this again."],
    [fault({ code: "ECONNREFUSED" }), "The database does not answer. Mend that, and start this again."],
    [
      fault({ code: "ENOSPC", path: "/d/operator.key" }),
      "The disk is full, and /d/operator.key could not be written. Mend that, and start this again.",
    ],
    [fault({ code: "EROFS", path: "/d/x" }), "/d/x may not be written. Mend that, and start this again."],
    [fault({ code: "EACCES", path: "/d/x" }), "/d/x may not be used by this user. Mend that, and start this again."],
    [
      fault({ code: "EADDRINUSE", port: 7300 }),
      "Port 7300 is in use by another process. Stop that one, or choose another port.",
    ],
    [fault({ code: "EACCES", port: 443 }), "Port 443 needs more rights than this process has. Choose one above 1023."],
  ])("%s: in one sentence where a person can mend it", (error, words) => {
    expect(explainFailure(error)).toBe(words);
  });

  test("a bug with its stack, and whatever else was thrown as it is", () => {
    expect(explainFailure(new Error("bug"))).toMatch(/^Error: bug\n {4}at /);
    expect(explainFailure("thrown")).toBe("thrown");
  });
});
