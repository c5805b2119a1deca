import { describe, expect, test } from "vitest";
import { readTarget } from "./request-target.ts";

const read = (url: string, host: string | readonly string[], method = "GET") =>
  readTarget({ method, url }, [host].flat());

describe("the target of a request", () => {
  test.each([
    ["/a?b", "shop.example", { authority: "shop.example", hostname: "shop.example", path: "/a?b" }],
    ["/", "Shop.Example:8443", { authority: "Shop.Example:8443", hostname: "shop.example", path: "/" }],
    ["/", "shop.example.", { authority: "shop.example.", hostname: "shop.example", path: "/" }],
    [
      "//other.example/a",
      "shop.example",
      { authority: "shop.example", hostname: "shop.example", path: "//other.example/a" },
    ],
    ["HTTPS://shop.example:443/a", "shop.example", { authority: "shop.example", hostname: "shop.example", path: "/a" }],
    ["https://shop.example?q", "shop.example", { authority: "shop.example", hostname: "shop.example", path: "/?q" }],
  ])("%s with Host %s is understood", (url, host, expected) => {
    expect(read(url, host)).toEqual({ ok: true, ...expected });
  });

  test("* is one for OPTIONS alone", () => {
    expect(read("*", "shop.example", "OPTIONS")).toMatchObject({ ok: true, path: "*" });
    expect(read("*", "shop.example")).toMatchObject({ ok: false });
  });

  test.each([
    "https://other.example/",
    "ftp://shop.example/",
    "https://a@shop.example/",
    "https:///",
    "shop.example:443",
    "https://shop.example\\@other.example/",
    "",
  ])("%j names no host, or not that of Host", (url) =>
    expect(read(url, "shop.example")).toEqual({ ok: false, fault: "mismatch" }));

  test.each([
    [[]],
    [["shop.example", "shop.example"]],
    [[""]],
    [["a b"]],
    [["shop.example/"]],
    [["u@shop.example"]],
    [["[::1]"]],
    [["shop.example:"]],
    [["shop.example:x"]],
    [["a".repeat(300)]],
  ])("Host %j is invalid", (hosts) => expect(read("/", hosts)).toEqual({ ok: false, fault: "invalid" }));
});
