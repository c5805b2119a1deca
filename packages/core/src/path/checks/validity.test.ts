import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const time = pki.now;
const root = pki.root("Root");

describe("the validity period includes both its ends (RFC 5280 §4.1.2.5)", () => {
  test.each([
    ["begins now", { notBefore: time }, "accepted"],
    ["begins in a second", { notBefore: time + 1 }, "not-yet-valid at 0"],
    ["ends now", { notAfter: time }, "accepted"],
    ["ended a second ago", { notAfter: time - 1 }, "expired at 0"],
  ])("a client's that %s", (_, period, expected) => {
    expect(outcome(verify([root.leaf("x", period)], [root]))).toBe(expected);
  });

  test("an intermediate and an anchor are held to it too", () => {
    const old = root.intermediate("Old", { notAfter: time - 1 });
    expect(outcome(verify(old.leaf("x").chain, [root]))).toBe("expired at 1");
    expect(outcome(verify([old.leaf("x")], [old]))).toBe("expired at 1");
  });

  test("the evidence is both times", () => {
    const result = verify([root.leaf("x", { notAfter: time - 1 })], [root]);
    expect(result.verdict !== "accepted" && [result.reason.expected, result.reason.actual]).toEqual([
      "at or before 2026-05-31T23:59:59Z",
      "2026-06-01T00:00:00Z",
    ]);
  });
});
