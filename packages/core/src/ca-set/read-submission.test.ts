import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { renderPem } from "../pem/render-pem.ts";
import { readSubmission } from "./read-submission.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");

const read = (...pems: readonly string[]) =>
  readSubmission(
    pems.map((certificatePem) => ({ certificatePem })),
    nodeCrypto,
  );

describe("each entry of a submission is exactly one certificate", () => {
  test("certificates are read in the order of their entries", () => {
    const submission = read(root.pem, issuing.pem);
    expect(submission.findings).toEqual([]);
    expect(submission.members.map(({ index, certificate }) => [index, certificate.fingerprint])).toEqual([
      [0, root.fingerprint],
      [1, issuing.fingerprint],
    ]);
  });

  test("the same certificate twice is kept once, however it is written", () => {
    const again = { certificatePem: `copy\r\n${root.pem.replaceAll("\n", "\r\n")}`, description: "again" };
    const submission = readSubmission(
      [{ certificatePem: root.pem }, { certificatePem: issuing.pem }, again],
      nodeCrypto,
    );
    expect(submission.members.map(({ index }) => index)).toEqual([0, 1]);
    expect(submission.certificates).toHaveLength(3);
    expect(submission.findings).toMatchObject([
      {
        code: "duplicate-certificate",
        severity: "warning",
        index: 2,
        subject: "CN=Root",
        fingerprint: root.fingerprint,
        evidence: { firstIndex: 0, description: "again" },
      },
    ]);
  });

  test("a malformed one is told with byte offset and line, and the others are read all the same", () => {
    const cut = renderPem(root.der.subarray(0, 100));
    const submission = read(issuing.pem, `note\n${cut}`, root.pem);
    expect(submission.members.map(({ index }) => index)).toEqual([0, 2]);
    expect(submission.certificates.map((certificate) => certificate !== undefined)).toEqual([true, false, true]);
    expect(submission.findings).toEqual([
      {
        code: "malformed-certificate",
        severity: "error",
        index: 1,
        subject: undefined,
        fingerprint: undefined,
        evidence: {
          reason: "der-truncated",
          offset: 0,
          line: 2,
          expected: expect.stringContaining("bytes of content"),
        },
        cites: "RFC 5280 §4.1",
      },
    ]);
  });

  test.each([
    ["", "pem-no-block"],
    ["<html>", "pem-looks-like-html"],
    [root.pem.replace("-----END", "-----FIN"), "pem-end-missing"],
    [root.pem.replace("MII", "M!I"), "pem-bad-base64"],
  ])("text that is no PEM is malformed: %#", (pem, reason) => {
    expect(read(pem).findings).toMatchObject([{ code: "malformed-certificate", index: 0, evidence: { reason } }]);
  });

  test("several certificates in one entry are refused with their number, also when they are the same", () => {
    expect(read(root.pem + root.pem + issuing.pem)).toMatchObject({
      members: [],
      findings: [{ code: "several-certificates", index: 0, evidence: { actual: 3, expected: 1 } }],
    });
  });

  test("a private key beside the certificate is refused and appears nowhere", () => {
    const submission = read(root.pem + root.privateKeyPem);
    expect(submission.members).toEqual([]);
    expect(submission.findings).toMatchObject([
      { code: "unexpected-pem-block", severity: "error", index: 0, evidence: { label: "PRIVATE KEY" } },
    ]);
    const secret = root.privateKeyPem.split("\n")[1] ?? "";
    expect(JSON.stringify(submission.findings)).not.toContain(secret.slice(0, 20));
  });

  test("every problem of an entry is told, not the first alone", () => {
    const bad = root.pem.replace("MII", "M!I");
    expect(read(bad + root.privateKeyPem + root.pem + issuing.pem).findings.map(({ code }) => code)).toEqual([
      "malformed-certificate",
      "unexpected-pem-block",
      "several-certificates",
    ]);
  });

  test("problems of one entry are bounded", () => {
    expect(read("-----BEGIN X-----\n".repeat(1_000)).findings).toHaveLength(16);
  });

  test("an entry larger than any certificate is refused unread", () => {
    const limit = 2 * 128 * 1_024;
    const padded = root.pem + "\n".repeat(limit - root.pem.length);
    expect(read(padded).findings).toEqual([]);
    expect(read(`${padded}\n`).findings).toMatchObject([
      { code: "malformed-certificate", evidence: { reason: "der-too-large" } },
    ]);
  });
});
