import { describe, expect, test } from "vitest";
import { hostnameProblem, wildcardOf } from "./edge-hostname.ts";

describe("a hostname of an edge certificate", () => {
  test.each([
    "shop.example",
    "*.shop.example",
    "localhost",
    "xn--bcher-kva.example",
    "1.example",
    `${"a".repeat(63)}.example`,
  ])("may be %s", (hostname) => expect(hostnameProblem(hostname)).toBeUndefined());

  test.each([
    "",
    "Shop.example",
    "shop.example.",
    "*",
    "*.",
    "a.*.example",
    "sh*p.example",
    "shop_1.example",
    "-a.example",
    "a-.example",
    "bücher.example",
    "shop.example:443",
    "[::1]",
    "a..example",
    `${"a".repeat(64)}.example`,
    `${"a.".repeat(126)}ab`,
    "a\n.example",
  ])("may not be %j", (hostname) => expect(hostnameProblem(hostname)).toBeDefined());

  test.each([
    "ca-set-1.tcm.internal",
    "x.tcm.internal",
    "*.tcm.internal",
    "tcm.internal",
  ])("may not be %s, which is reserved", (hostname) => {
    expect(hostnameProblem(hostname)).toBe("*.tcm.internal is reserved");
  });
});

test("a wildcard stands for exactly one label", () => {
  expect(wildcardOf("a.b.example")).toBe("*.b.example");
  expect([wildcardOf("localhost"), wildcardOf(".example"), wildcardOf("")]).toEqual([undefined, undefined, undefined]);
});
