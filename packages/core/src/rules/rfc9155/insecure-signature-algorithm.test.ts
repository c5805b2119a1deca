import { rawCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeNull, encodeOid, encodeSequence } from "../../der/der-writer.ts";
import { checkRule } from "../testdata/check-rule.ts";
import { insecureSignatureAlgorithm } from "./insecure-signature-algorithm.ts";

const pki = testPki();
const allowed = { options: { allowInsecureSha1: true } };
const sha1 = pki.root("Root", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "sha1" } });
const md5 = pki.root("Root", { keyType: "rsa2048", signatureScheme: { type: "rsa-pkcs1", hash: "md5" } });
const raw = (oid: string) => rawCertificate({ signatureAlgorithm: encodeSequence(encodeOid(oid), encodeNull()) });

describe("insecure-signature-algorithm: no SHA-1 without the flag, no MD5 or MD2 at all", () => {
  test("passes SHA-2, and algorithms without a hash of their own", () => {
    const samples = [pki.root("A"), pki.root("B", { keyType: "rsa2048" }), pki.root("C", { keyType: "ed25519" })];
    expect(checkRule(insecureSignatureAlgorithm, samples)).toEqual([]);
  });

  test("refuses SHA-1, a root's own signature included, and says that it can be allowed", () => {
    expect(checkRule(insecureSignatureAlgorithm, [sha1])).toEqual([
      { index: 0, evidence: { signatureAlgorithm: "SHA1WITHRSA", hash: "SHA-1", allowable: true } },
    ]);
    expect(checkRule(insecureSignatureAlgorithm, [sha1], allowed)).toEqual([]);
  });

  test("refuses SHA-1 with ECDSA and with PSS", () => {
    const ecdsa = pki.root("E", { signatureScheme: { type: "ecdsa", hash: "sha1" } });
    const pss = pki.root("P", {
      keyType: "rsa2048",
      signatureScheme: { type: "rsa-pss", hash: "sha1", saltLength: 20 },
    });
    const found = checkRule(insecureSignatureAlgorithm, [ecdsa, pss]);
    expect(found).toMatchObject([
      { evidence: { signatureAlgorithm: "SHA1WITHECDSA" } },
      { evidence: { signatureAlgorithm: "RSASSA-PSS" } },
    ]);
  });

  test.each([
    ["MD5", md5, "MD5WITHRSA"],
    ["MD2", raw("1.2.840.113549.1.1.2"), "MD2WITHRSA"],
    ["MD4", raw("1.2.840.113549.1.1.3"), "1.2.840.113549.1.1.3"],
    ["SHA-1", raw("1.2.840.10040.4.3"), "SHA1WITHDSA"],
    ["SHA-1", raw("1.3.14.3.2.29"), "1.3.14.3.2.29"],
  ])("refuses %s also with the flag where it is never verified", (hash, sample, signatureAlgorithm) => {
    const evidence = { signatureAlgorithm, hash, allowable: false };
    expect(checkRule(insecureSignatureAlgorithm, [sample], allowed)).toEqual([{ index: 0, evidence }]);
  });

  test("does not apply to an algorithm nobody knows", () => {
    expect(checkRule(insecureSignatureAlgorithm, [raw("1.2.3.4")])).toEqual([]);
  });
});
