import { ApiProblem, NoAnswer } from "@tcm/api-contract";
import { describe, expect, test } from "vitest";
import { problemText } from "./problem-text.ts";
import { daysUntil, expiryText, localTime, plural, utcTime } from "./time-text.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("times are told", () => {
  test.each([
    ["2026-11-24T12:00:00Z", "expired 1 day ago", 0],
    ["2026-11-24T12:00:01Z", "expires today", 0],
    ["2026-11-25T11:59:59Z", "expires today", 0],
    ["2026-11-25T12:00:00Z", "expires in 1 day", 1],
    ["2027-11-24T12:00:00Z", "expires in 365 days", 365],
    ["2026-11-22T12:00:00Z", "expired 2 days ago", -2],
  ])("%s %s", (iso, text, days) => {
    expect(expiryText(iso, now)).toBe(text);
    expect(daysUntil(iso, now)).toBe(days);
  });

  test("in local time, with the time in UTC beside it", () => {
    expect(localTime("2026-11-24T23:30:00Z", "en-GB", "Europe/Berlin")).toBe("25 Nov 2026, 00:30");
    expect(utcTime("2026-11-24T23:30:00.120Z")).toBe("2026-11-24 23:30:00 UTC");
  });

  test("counts have their noun", () => {
    expect([plural(0, "set"), plural(1, "set"), plural(1_000, "node")]).toEqual(["0 sets", "1 set", "1,000 nodes"]);
  });
});

describe("an error is told", () => {
  test("with the words of the catalogue, its code and each item", () => {
    const item = {
      type: "/x/expired-certificate",
      title: "Expired",
      detail: "The first one has expired.",
      pointer: "/0",
    };
    const body = {
      type: "/x/certificate-validation-failure",
      title: "Not valid",
      detail: "1 fault.",
      status: 400,
      instance: "/i",
    };
    expect(problemText(new ApiProblem({ ...body, errors: [item] }))).toEqual({
      title: "Not valid",
      detail: "1 fault.",
      remedy: expect.stringMatching(/work through the items/i),
      code: "certificate-validation-failure",
      items: [{ code: "expired-certificate", detail: "The first one has expired.", pointer: "/0" }],
    });
  });

  test.each([
    [new NoAnswer("unreachable", "Nobody."), "The server does not answer"],
    [new NoAnswer("timeout", "Late."), "The server did not answer in time"],
    [new NoAnswer("foreign", "Odd."), "The answer is not one of this server"],
    [new TypeError("x is undefined"), "The page has a fault"],
    ["text", "The page has a fault"],
  ])("that is no answer: %s", (error, title) => {
    expect(problemText(error)).toMatchObject({ title, code: undefined });
  });
});
