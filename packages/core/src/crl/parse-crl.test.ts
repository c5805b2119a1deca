import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { crlExtensionOid } from "../certificate/extension-oid.ts";
import { entryKey } from "./certificate-revocation-list.ts";
import { maxCrlBytes, parseCrl } from "./parse-crl.ts";
import { mintCrl, mintCrlDer, scope } from "./testdata/mint-crl.ts";

const pki = testPki();
const root = pki.root("Root");
const client = root.leaf("client");
const der = mintCrlDer(root, { revoked: [{ certificate: client, reason: 1 }] });

function problem(bytes: Uint8Array): string {
  const parsed = parseCrl(bytes);
  return parsed.ok ? "read" : parsed.problem.code;
}

describe("a certificate revocation list (RFC 5280 §5.1)", () => {
  const crl = mintCrl(root, { revoked: [{ certificate: client, reason: 1 }], number: 300 });

  test("names its issuer, its times and what it revokes", () => {
    expect(crl.issuer.canonical).toBe(root.certificate.subject.canonical);
    expect([crl.thisUpdate, crl.nextUpdate]).toEqual([pki.now - 86_400, pki.now + 86_400]);
    const key = entryKey(root.certificate.subject, client.certificate.serialNumber);
    expect([...crl.entries]).toEqual([[key, { revocationDate: pki.now - 86_400, reason: 1 }]]);
  });

  test("numbers are kept as hex: they may have twenty octets", () => {
    expect([crl.extensions.cRLNumber, mintCrl(root, { number: 255 }).extensions.cRLNumber]).toEqual(["012c", "ff"]);
  });

  test("an empty one has no entries", () => {
    expect(mintCrl(root).entries.size).toBe(0);
  });

  test("version 1 has neither extensions nor a number", () => {
    const old = mintCrl(root, { version: 1 });
    expect(old.findings.map(({ what }) => what)).toEqual(["no cRLNumber", "no authorityKeyIdentifier"]);
  });

  test("the issuing distribution point says what it is about", () => {
    const { issuingDistributionPoint } = mintCrl(root, { scope: scope({ only: "ca", reasons: [1, 3] }) }).extensions;
    expect(issuingDistributionPoint).toMatchObject({
      onlyContainsCACerts: true,
      onlyContainsUserCerts: false,
      indirectCRL: false,
      onlySomeReasons: 0b1010,
    });
  });
});

describe("the decoder is strict", () => {
  test.each([
    ["anything after the list", Uint8Array.of(...der, 0), "der-trailing-data"],
    ["a list that ends early", der.subarray(0, -1), "der-truncated"],
    ["what is no list", Uint8Array.of(5, 0), "der-unexpected-tag"],
    ["a list that is too large", new Uint8Array(maxCrlBytes + 1), "der-too-large"],
  ])("%s", (_, bytes, code) => {
    expect(problem(bytes)).toBe(code);
  });

  test("an extension twice", () => {
    const extension = { oid: crlExtensionOid.cRLNumber, critical: false, value: Uint8Array.of(2, 1, 1) };
    expect(problem(mintCrlDer(root, { extraExtensions: [extension] }))).toBe("der-duplicate-extension");
  });

  test("a reason that does not exist", () => {
    expect(problem(mintCrlDer(root, { revoked: [{ certificate: client, reason: 7 }] }))).toBe("der-bad-value");
  });

  test("every cut of a list is refused", () => {
    for (let length = 0; length < der.length; length++) expect(problem(der.subarray(0, length))).not.toBe("read");
  });
});
