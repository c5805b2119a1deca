import { describe, expect, test } from "vitest";
import { daysUntil, expiryText, localDate, localTime, plural, timesInText, utcTime, waitText } from "./time-text.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("times are told", () => {
  test.each([
    ["2026-11-24T12:00:00Z", "expired today", 0],
    ["2026-11-23T12:00:01Z", "expired today", -1],
    ["2026-11-23T12:00:00Z", "expired 1 day ago", -1],
    ["2026-11-24T12:00:01Z", "expires today", 0],
    ["2026-11-25T11:59:59Z", "expires today", 0],
    ["2026-11-25T12:00:00Z", "expires in 1 day", 1],
    ["2027-03-25T12:00:00Z", "expires in 121 days", 121],
    ["2027-03-26T12:00:00Z", "expires in 4 months", 122],
    ["2027-11-23T12:00:00Z", "expires in 11 months", 364],
    ["2027-11-24T12:00:00Z", "expires in 12 months", 365],
    ["2028-10-23T12:00:00Z", "expires in 22 months", 699],
    ["2028-11-22T12:00:00Z", "expires in 23 months", 729],
    ["2028-11-23T12:00:00Z", "expires in 2 years", 730],
    ["2036-11-21T12:00:00Z", "expires in 10 years", 3650],
    ["2026-11-22T12:00:00Z", "expired 2 days ago", -2],
    ["2026-11-21T12:00:01Z", "expired 2 days ago", -3],
    ["2026-07-26T12:00:00Z", "expired 121 days ago", -121],
    ["2026-07-25T12:00:00Z", "expired 4 months ago", -122],
    ["2021-01-01T00:00:00Z", "expired 5 years ago", -2154],
  ])("%s %s", (iso, text, days) => {
    expect(expiryText(iso, now)).toBe(text);
    expect(daysUntil(iso, now)).toBe(days);
  });

  test("in local time, with the time in UTC beside it", () => {
    expect(localTime("2026-11-24T23:30:00Z", "en-GB", "Europe/Berlin")).toBe("25 Nov 2026, 00:30");
    expect(localDate("2026-11-24T23:30:00Z", "en-GB", "Europe/Berlin")).toBe("25 Nov 2026");
    expect(utcTime("2026-11-24T23:30:00.120Z")).toBe("2026-11-24 23:30:00 UTC");
  });

  test("in the sentences of the server too", () => {
    const text = timesInText("It expired on 2026-11-24T23:30:00.000Z, not on 2026-11-24.", "en-GB", "Europe/Berlin");
    expect(text).toBe("It expired on 25 Nov 2026, 00:30, not on 2026-11-24.");
  });

  test.each([
    ["2026-11-24T12:00:00Z", /^Try again now\.$/],
    ["2026-11-24T12:00:00.001Z", /^Try again in 1 second\.$/],
    ["2026-11-24T12:00:59Z", /^Try again in 59 seconds\.$/],
    ["2026-11-24T12:01:00Z", /^Try again in 1 minute, after .*2026.*\.$/],
    ["2026-11-24T12:14:01Z", /^Try again in 15 minutes, after /],
    ["soon", /^Try again in a few seconds\.$/],
    [undefined, /^Try again in a few seconds\.$/],
  ])("how long to wait until %s", (until, text) => {
    expect(waitText(until, now)).toMatch(text);
  });

  test("counts have their noun", () => {
    expect([plural(0, "set"), plural(1, "set"), plural(1_000, "node")]).toEqual(["0 sets", "1 set", "1,000 nodes"]);
  });
});
