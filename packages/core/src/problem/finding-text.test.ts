import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { readSubmission } from "../ca-set/read-submission.ts";
import { validateCaSet } from "../ca-set/validate-ca-set.ts";
import { allRules } from "../rules/all-rules.ts";
import type { FindingCode } from "../rules/finding-code.ts";
import { type FindingWords, findingDetail, findingTitle, isFindingCode } from "./finding-text.ts";
import { problemCatalogue } from "./problem-catalogue.ts";

const fromRules = allRules.map(({ code }) => code);
const fromReading: readonly FindingCode[] = [
  "malformed-certificate",
  "unexpected-pem-block",
  "several-certificates",
  "duplicate-certificate",
  "certificate-limit-reached",
];
const codes = [...fromRules, ...fromReading];

describe("every finding has a title and sentences that tell what to do", () => {
  test.each(codes)("%s", (code) => {
    expect(findingTitle(code)).toMatch(/^[A-Z][^.]+$/);
    const text = findingDetail({ code, evidence: {} });
    expect(text).toMatch(/\.$/);
    expect(text.split(/\. |: /).length).toBeGreaterThan(1);
    expect(text).not.toMatch(/undefined|\[object|null|NaN/);
  });

  test.each(codes)("%s says something to do", (code) => {
    const doing = /\b(Add|Ask|Convert|Do not send|Export|Keep|Plan|Remove|Replace|Send|Split|Upload|nothing to do)\b/;
    expect(findingDetail({ code, evidence: {} })).toMatch(doing);
  });

  test.each([
    ["PRIVATE KEY", "exposed"],
    ["RSA PRIVATE KEY", "exposed"],
    ["TRUSTED CERTIFICATE", "openssl x509"],
    ["X509 CERTIFICATE", "write CERTIFICATE"],
    ["X.509 CERTIFICATE", "write CERTIFICATE"],
    ["PKCS7", "openssl pkcs7"],
    ["CERTIFICATE REQUEST", "the CA issued"],
    ["NEW CERTIFICATE REQUEST", "the CA issued"],
    ["X509 CRL", "Revocation lists"],
    ["DH PARAMETERS", "not stored"],
    [undefined, "not stored"],
  ])("a block of %s: %s", (label, advice) => {
    const text = findingDetail({ code: "unexpected-pem-block", evidence: { line: 7, ...(label && { label }) } });
    expect(text).toContain(advice);
    expect(text).toContain("line 7");
  });

  test.each([
    ["issuer-not-in-set", { reason: "cycle" }, "in a circle"],
    ["issuer-not-in-set", { reason: "not-signed-by-itself", issuer: "CN=X" }, "names itself"],
    ["issuer-not-in-set", { reason: "absent", issuer: "CN=X" }, "CN=X"],
    ["broken-chain", { reason: "sig-alg-unsupported" }, "algorithm"],
    ["broken-chain", { reason: "signature-invalid" }, "another key"],
    ["insecure-signature-algorithm", { allowable: true }, "allowInsecureSha1"],
    ["insecure-signature-algorithm", { allowable: false }, "never"],
    ["expiring-certificate", { daysLeft: 0, expiryDate: "2026-12-17T00:00:00Z" }, "today, on 2026-12-17T00:00:00Z"],
    ["expiring-certificate", { daysLeft: 1, expiryDate: "2026-12-17T00:00:00Z" }, "in 1 day, on"],
    ["duplicate-certificate", { firstIndex: 2 }, "the same as certificate 3 and"],
    ["malformed-certificate", { reason: "der-truncated", offset: 17, line: 3, expected: "x" }, "at byte 17, line 3"],
  ] as const)("%s with %o says %s", (code, evidence, words) => {
    expect(findingDetail({ code, evidence })).toContain(words);
  });
});

describe("the same sentence for another reader", () => {
  const words: FindingWords = {
    certificate: (index) => `file ${index}`,
    option: (name) => `"${name.toUpperCase()}"`,
    time: (iso) => iso.slice(0, 10),
  };

  test.each([
    ["duplicate-certificate", { firstIndex: 2 }, "the same as file 2 and"],
    ["same-common-name", { other: { index: 0 } }, ": file 0, "],
    ["same-common-name", { other: { index: 0 } }, 'set "ALLOWDUPLICATECOMMONNAMES" for'],
    ["insecure-signature-algorithm", { allowable: true }, 'set "ALLOWINSECURESHA1" for'],
    ["expiring-certificate", { daysLeft: 3, expiryDate: "2026-12-17T00:00:00Z" }, "in 3 days, on 2026-12-17."],
    ["expired-certificate", { expiryDate: "2026-11-17T00:00:00Z" }, "expired on 2026-11-17."],
    ["not-yet-valid-certificate", { startDate: "2026-12-17T00:00:00Z" }, "valid on 2026-12-17."],
  ] as const)("%s with %o calls things by the reader's words: %s", (code, evidence, said) => {
    expect(findingDetail({ code, evidence }, words)).toContain(said);
  });

  test("only of a code that there is", () => {
    expect(codes.every((code) => isFindingCode(code))).toBe(true);
    expect(isFindingCode("toString")).toBe(false);
  });
});

describe("hostile names in sentences", () => {
  const pki = testPki();
  const hostile = "\u001b[2J\r\nERROR \u202ebad";
  const root = pki.root(hostile);
  const samples = [root, root.renew(), pki.root("x").intermediate(hostile, { subject: { CN: "y" } })];

  test("cannot move a cursor, break a line or turn the reading direction", () => {
    const odd = pki.root("z", { subject: { CN: "z" } }).crossSign(root);
    const entries = [...samples, odd].map(({ pem }) => ({ certificatePem: pem }));
    const options = { requireRootCertificate: true, allowInsecureSha1: false, allowDuplicateCommonNames: false };
    const request = { options, occasion: "create" as const, now: pki.now };
    const { findings } = validateCaSet(readSubmission(entries, nodeCrypto), request, nodeCrypto);
    const texts = findings.map((one) => findingDetail(one));
    expect(texts.some((text) => text.includes("\\x1b[2J"))).toBe(true);
    for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("are cut, whatever their length", () => {
    const text = findingDetail({ code: "issuer-not-in-set", evidence: { issuer: "x".repeat(100_000) } });
    expect(text.length).toBeLessThan(1_000);
    expect(text).toContain("x…");
  });
});

describe("the catalogue of problems", () => {
  test.each(Object.entries(problemCatalogue))("%s has a status of its kind and a title", (slug, { status, title }) => {
    expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(status).toSatisfy((code: number) => code >= 400 && code < 600);
    expect(title).toMatch(/^[A-Z][^.]+$/);
  });
});
