import { expect, test } from "vitest";
import { findUpstream, upstreamProblem } from "./upstream-origin.ts";

test.each(["http://127.0.0.1:9000", "https://app.internal/", "http://[::1]:9000"])("%s can be an upstream", (url) => {
  expect(upstreamProblem(new URL(url))).toBeUndefined();
});

test.each([
  "ftp://a.example",
  "http://u@a.example",
  "http://:p@a.example",
  "http://a.example/path",
  "http://a.example/?q",
  "http://a.example/#f",
])("%s cannot be an upstream", (url) => expect(upstreamProblem(new URL(url))).toBeDefined());

test("an upstream is found by the exact name before the wildcard", () => {
  const [exact, wild] = [new URL("http://exact.internal"), new URL("http://wild.internal")];
  const upstreams = new Map([
    ["eu.shop.example", exact],
    ["*.shop.example", wild],
  ]);
  expect(findUpstream(upstreams, "eu.shop.example")).toBe(exact);
  expect(findUpstream(upstreams, "us.shop.example")).toBe(wild);
  expect(findUpstream(upstreams, "shop.example")).toBeUndefined();
});
