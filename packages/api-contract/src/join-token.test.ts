import { describe, expect, test } from "vitest";
import { decodeJoinToken, encodeJoinToken } from "./join-token.ts";

const token = {
  urls: ["https://control.example:7301", "https://[2001:db8::1]:7301"],
  ca: "0123456789abcdef".repeat(4),
  secret: "x".repeat(43),
};

describe("a join token is one text that says all a new node needs", () => {
  test("it is read as it was written, and fits in one word of a command line", () => {
    const text = encodeJoinToken(token);
    expect(text).toMatch(/^tcmj_[A-Za-z0-9_-]+$/);
    expect(decodeJoinToken(text)).toEqual(token);
  });

  test.each([
    ["nothing", ""],
    ["another kind of token", "tcm_abc"],
    ["no base64", "tcmj_***"],
    ["a cut one", encodeJoinToken(token).slice(0, -10)],
    ["no JSON", `tcmj_${btoa("x")}`],
    ["an address without TLS", encodeJoinToken({ ...token, urls: ["http://control.example:7301"] })],
    ["an address with a path", encodeJoinToken({ ...token, urls: ["https://control.example:7301/x"] })],
    ["no address", encodeJoinToken({ ...token, urls: [] })],
    ["a pin that is none", encodeJoinToken({ ...token, ca: "00" })],
    ["a short secret", encodeJoinToken({ ...token, secret: "x" })],
    ["an endless text", `tcmj_${"A".repeat(100_000)}`],
  ])("%s is none", (_what, text) => {
    expect(decodeJoinToken(text)).toBeUndefined();
  });
});
