import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../text/utf8.ts";
import { DerFault, type DerProblem } from "./der-problem.ts";
import { DerReader } from "./der-reader.ts";
import { tag } from "./tag.ts";
import { readTime } from "./time.ts";

function read(identifier: number, text: string): number | DerProblem {
  const content = encodeUtf8(text);
  try {
    return readTime(new DerReader(Uint8Array.of(identifier, content.length, ...content)));
  } catch (fault) {
    if (fault instanceof DerFault) return fault.problem;
    throw fault;
  }
}

const utc = (text: string) => read(tag.utcTime, text);
const generalized = (text: string) => read(tag.generalizedTime, text);
const unix = (iso: string) => Date.parse(iso) / 1000;

describe("RFC 5280 §4.1.2.5: validity times", () => {
  test.each([
    ["500101000000Z", "1950-01-01T00:00:00Z"],
    ["991231235959Z", "1999-12-31T23:59:59Z"],
    ["000101000000Z", "2000-01-01T00:00:00Z"],
    ["491231235959Z", "2049-12-31T23:59:59Z"],
    ["240229120000Z", "2024-02-29T12:00:00Z"],
    ["000229000000Z", "2000-02-29T00:00:00Z"],
  ])("UTCTime %s is %s", (text, iso) => expect(utc(text)).toBe(unix(iso)));

  test.each([
    ["20500101000000Z", "2050-01-01T00:00:00Z"],
    ["20491231235959Z", "2049-12-31T23:59:59Z"],
    ["99991231235959Z", "9999-12-31T23:59:59Z"],
    ["00000101000000Z", "0000-01-01T00:00:00Z"],
    ["20000229000000Z", "2000-02-29T00:00:00Z"],
  ])("GeneralizedTime %s is %s", (text, iso) => expect(generalized(text)).toBe(unix(iso)));

  test.each([
    ["230230000000Z", "30 February"],
    ["230229000000Z", "29 February of a common year"],
    ["230431000000Z", "31 April"],
    ["230001000000Z", "month 0"],
    ["231301000000Z", "month 13"],
    ["230100000000Z", "day 0"],
    ["230101240000Z", "hour 24"],
    ["230101006000Z", "minute 60"],
    ["230101000060Z", "a leap second"],
  ])("UTCTime %s is refused: %s", (text) => {
    expect(utc(text)).toMatchObject({ code: "der-bad-time", offset: 2 });
  });

  test.each([
    "2301010000Z",
    "230101000000",
    "230101000000+0000",
    "230101000000-0500",
    "230101000000z",
    "20230101000000Z",
    "230101000000.5Z",
    "",
  ])("UTCTime %j has another form than YYMMDDHHMMSSZ", (text) => {
    expect(utc(text)).toMatchObject({ code: "der-bad-time", offset: 2 });
  });

  test.each([
    "230101000000Z",
    "20230101000000.5Z",
    "20230101000000,5Z",
    "20230101000000+0000",
    "202301010000Z",
    "20230101000000",
  ])("GeneralizedTime %j has another form than YYYYMMDDHHMMSSZ", (text) => {
    expect(generalized(text)).toMatchObject({ code: "der-bad-time", offset: 2 });
  });

  test("29 February of a century is refused, and a digit that is none with its own offset", () => {
    expect(generalized("19000229000000Z")).toMatchObject({ code: "der-bad-time", offset: 2 });
    expect(utc("23010a000000Z")).toMatchObject({ code: "der-bad-time", offset: 7 });
    expect(utc("2301 1000000Z")).toMatchObject({ code: "der-bad-time", offset: 6 });
  });

  test("another type is refused", () => {
    expect(read(tag.ia5String, "230101000000Z")).toMatchObject({ code: "der-unexpected-tag", offset: 0 });
  });
});
