import { rawCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { issuerNotInSet } from "./issuer-not-in-set.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const sub = issuing.intermediate("Sub");
const optional = { options: { requireRootCertificate: false } };

describe("issuer-not-in-set: every member chains, inside the set, to a self-signed root", () => {
  test.each([
    ["a root alone", [root]],
    ["a chain in order", [root, issuing, sub]],
    ["a chain in any order", [sub, root, issuing]],
    ["two roots", [root, pki.root("Other")]],
    ["a version 1 root", [pki.root("Old", { version: 1 })]],
  ])("passes %s", (_, samples) => expect(checkRule(issuerNotInSet, samples)).toEqual([]));

  test("tells where the chain ends, not everything below it", () => {
    expect(checkRule(issuerNotInSet, [sub, issuing])).toEqual([
      { index: 1, evidence: { issuer: "CN=Root", reason: "absent" } },
    ]);
    expect(checkRule(issuerNotInSet, [sub, root])).toEqual([
      { index: 0, evidence: { issuer: "CN=Issuing", reason: "absent" } },
    ]);
  });

  test("one issuer of a cross-signed CA is enough", () => {
    const crossed = pki.root("Far Root").crossSign(issuing);
    expect(checkRule(issuerNotInSet, [root, issuing, sub])).toEqual([]);
    expect(checkRule(issuerNotInSet, [root, issuing, crossed])).toEqual([
      { index: 2, evidence: { issuer: "CN=Far Root", reason: "absent" } },
    ]);
  });

  test("CAs that only sign each other chain to no root, and none above another is told alone", () => {
    const a = pki.root("A");
    const b = pki.root("B");
    const [aByB, bByA] = [b.crossSign(a), a.crossSign(b)];
    const found = checkRule(issuerNotInSet, [aByB, bByA, a.intermediate("Below")]);
    expect(found).toMatchObject([
      { index: 0, evidence: { reason: "cycle" } },
      { index: 1, evidence: { reason: "cycle" } },
    ]);
    expect(checkRule(issuerNotInSet, [aByB, bByA, a])).toEqual([]);
  });

  test("a certificate that names itself and did not sign itself is no root", () => {
    expect(checkRule(issuerNotInSet, [rawCertificate()])).toEqual([
      { index: 0, evidence: { issuer: "CN=Raw Root", reason: "not-signed-by-itself" } },
    ]);
  });

  test.each([
    ["a weak key", pki.root("Weak", { keyType: "rsa1024" })],
    ["MD5", pki.root("Old", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "md5" } })],
  ])("a root refused for %s is not said to lack an issuer as well", (_, sample) => {
    expect(checkRule(issuerNotInSet, [sample])).toEqual([]);
  });

  test("a SHA-1 root is a root", () => {
    const sha1 = pki.root("Old", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "sha1" } });
    expect(checkRule(issuerNotInSet, [sha1, sha1.intermediate("Below")])).toEqual([]);
  });

  test("an issuer of the right name and the wrong key is a broken chain, not a missing issuer", () => {
    expect(checkRule(issuerNotInSet, [root.forge(), issuing])).toEqual([]);
  });

  test("does not apply with Require Root Certificate off", () => {
    expect(checkRule(issuerNotInSet, [issuing, sub], optional)).toEqual([]);
  });
});
