import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { expiredCertificate, notYetValidCertificate } from "./validity-period.ts";

const pki = testPki();
const root = pki.root("Root", {
  notBefore: Date.parse("2026-01-01T00:00:00Z") / 1000,
  notAfter: Date.parse("2026-12-31T23:59:59Z") / 1000,
});
const at = (iso: string) => ({ now: Date.parse(iso) / 1000 });

describe("expired-certificate and not-yet-valid-certificate: both ends of the validity are inclusive", () => {
  test.each(["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-12-31T23:59:59Z"])("passes at %s", (time) => {
    expect(checkRule(expiredCertificate, [root], at(time))).toEqual([]);
    expect(checkRule(notYetValidCertificate, [root], at(time))).toEqual([]);
  });

  test("is expired one second after notAfter", () => {
    expect(checkRule(expiredCertificate, [root], at("2027-01-01T00:00:00Z"))).toEqual([
      { index: 0, evidence: { expiryDate: "2026-12-31T23:59:59Z", checkDate: "2027-01-01T00:00:00Z" } },
    ]);
  });

  test("is not yet valid one second before notBefore", () => {
    expect(checkRule(notYetValidCertificate, [root], at("2025-12-31T23:59:59Z"))).toEqual([
      { index: 0, evidence: { startDate: "2026-01-01T00:00:00Z", checkDate: "2025-12-31T23:59:59Z" } },
    ]);
  });

  test("a certificate that was never valid is both, in between", () => {
    const never = pki.root("Never", { notBefore: root.certificate.notAfter, notAfter: root.certificate.notBefore });
    expect(checkRule(expiredCertificate, [never], at("2026-06-01T00:00:00Z"))).toHaveLength(1);
    expect(checkRule(notYetValidCertificate, [never], at("2026-06-01T00:00:00Z"))).toHaveLength(1);
  });
});
