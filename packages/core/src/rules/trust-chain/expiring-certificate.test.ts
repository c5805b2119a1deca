import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule, now } from "../testdata/check-rule.ts";
import { expiringCertificate } from "./expiring-certificate.ts";

const day = 86_400;
const endingIn = (seconds: number) => testPki().root("Root", { notAfter: now + seconds });

describe("expiring-certificate: advice from 90 days before the end", () => {
  test.each([
    ["exactly 90 days", 90 * day, 90],
    ["a second less", 90 * day - 1, 89],
    ["one day", day, 1],
    ["its last second", 0, 0],
  ])("advises with %s left", (_, seconds, daysLeft) => {
    expect(checkRule(expiringCertificate, [endingIn(seconds)])).toMatchObject([{ index: 0, evidence: { daysLeft } }]);
  });

  test("passes with 90 days and a second left", () => {
    expect(checkRule(expiringCertificate, [endingIn(90 * day + 1)])).toEqual([]);
  });

  test("does not apply to one that has expired", () => {
    expect(checkRule(expiringCertificate, [endingIn(-1)])).toEqual([]);
  });
});
