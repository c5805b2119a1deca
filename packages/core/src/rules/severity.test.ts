import { describe, expect, test } from "vitest";
import { allRules } from "./all-rules.ts";
import type { FindingCode } from "./finding-code.ts";
import type { Occasion } from "./rule.ts";
import { severityOf } from "./severity.ts";

const letters = { E: "error", W: "warning", A: "advice", "–": undefined } as const;
type Letter = keyof typeof letters;

/** The specification's table, literally: create, update and validate; deploy; clone. */
const table: readonly (readonly [FindingCode, Letter, Letter, Letter])[] = [
  ["malformed-certificate", "E", "–", "–"],
  ["unexpected-pem-block", "E", "–", "–"],
  ["not-a-ca-certificate", "E", "–", "–"],
  ["legacy-v1-root", "A", "–", "–"],
  ["several-certificates", "E", "–", "–"],
  ["key-usage-not-cert-sign", "E", "–", "–"],
  ["expired-certificate", "E", "E", "W"],
  ["not-yet-valid-certificate", "E", "E", "W"],
  ["expiring-certificate", "A", "A", "A"],
  ["insecure-signature-algorithm", "E", "E", "–"],
  ["weak-key", "E", "E", "–"],
  ["duplicate-certificate", "W", "–", "–"],
  ["same-common-name", "E", "–", "–"],
  ["issuer-not-in-set", "E", "E", "W"],
  ["broken-chain", "E", "–", "–"],
  ["constraint-conflict", "A", "A", "–"],
  ["profile-serial-zero", "A", "–", "–"],
  ["profile-ski-missing", "A", "–", "–"],
  ["profile-basic-constraints-not-critical", "A", "–", "–"],
  ["ca-list-too-large", "A", "E", "–"],
  ["certificate-limit-reached", "E", "–", "–"],
];

const uploads: readonly Occasion[] = ["create", "update", "validate"];

describe("validation of uploads: what a finding means on each occasion", () => {
  test.each(table)("%s: %s on upload, %s on deployment, %s on clone", (code, upload, deploy, clone) => {
    for (const occasion of uploads) expect(severityOf(code, occasion, false)).toBe(letters[upload]);
    expect(severityOf(code, "deploy", false)).toBe(letters[deploy]);
    expect(severityOf(code, "clone", false)).toBe(letters[clone]);
  });

  test.each(table)("%s: a version that was active before differs in dates alone", (code, upload, deploy, clone) => {
    const isDate = code === "expired-certificate" || code === "not-yet-valid-certificate";
    for (const occasion of uploads) expect(severityOf(code, occasion, true)).toBe(letters[upload]);
    expect(severityOf(code, "deploy", true)).toBe(isDate ? "warning" : letters[deploy]);
    expect(severityOf(code, "clone", true)).toBe(letters[clone]);
  });

  test("every rule has its row", () => {
    const rows = new Set(table.map(([code]) => code));
    const without = allRules.map(({ code }) => code).filter((code) => !rows.has(code) && !code.startsWith("profile-"));
    expect(without).toEqual([]);
  });

  test("every rule stands once", () => {
    const codes = allRules.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("every rule cites what decides", () => {
    const cited = allRules.map(({ code, cites }) => [code, cites]).filter(([code]) => !code?.startsWith("profile-"));
    expect(Object.fromEntries(cited)).toEqual({
      "not-a-ca-certificate": "RFC 5280 §4.2.1.9",
      "legacy-v1-root": "RFC 5280 §6.1.4 (k)",
      "key-usage-not-cert-sign": "RFC 5280 §4.2.1.3",
      "expired-certificate": "RFC 5280 §4.1.2.5",
      "not-yet-valid-certificate": "RFC 5280 §4.1.2.5",
      "expiring-certificate": "Trust Chain Manager, validation of uploads",
      "insecure-signature-algorithm": "RFC 9155 §2",
      "weak-key": "NIST SP 800-57 Part 1 §5.6.1",
      "same-common-name": "RFC 5280 §7.1",
      "issuer-not-in-set": "Trust Chain Manager, Require Root Certificate",
      "broken-chain": "RFC 5280 §6.1.3 (a)(1)",
      "constraint-conflict": "RFC 5280 §6.1.4 (g), (m)",
      "ca-list-too-large": "RFC 8446 §4.2.4",
    });
  });
});
