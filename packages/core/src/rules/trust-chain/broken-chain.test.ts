import { rawCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeName } from "../../certificate/encode-name.ts";
import { encodeNull, encodeOid, encodeSequence } from "../../der/der-writer.ts";
import { checkRule } from "../testdata/check-rule.ts";
import { brokenChain } from "./broken-chain.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const forged = root.forge();

describe("broken-chain: the issuer's name is in the set, its key is not", () => {
  test("passes a chain that verifies", () => {
    expect(checkRule(brokenChain, [root, issuing, issuing.intermediate("Sub")])).toEqual([]);
  });

  test("names the members of that name and the reason", () => {
    const evidence = {
      issuer: "CN=Root",
      reason: "signature-invalid",
      namesakes: [forged.fingerprint],
      triedAll: true,
    };
    const found = checkRule(brokenChain, [forged, issuing]);
    expect(found.find(({ index }) => index === 1)?.evidence).toEqual(evidence);
  });

  test("a namesake with a key of another kind is told as that", () => {
    const namesake = pki.root("Root", { keyType: "ed25519" });
    expect(checkRule(brokenChain, [namesake, issuing])).toMatchObject([
      { index: 1, evidence: { reason: "sig-key-type-mismatch" } },
    ]);
  });

  test("one key of the name that verifies is enough", () => {
    expect(checkRule(brokenChain, [pki.root("Root"), root, issuing])).toEqual([]);
    expect(checkRule(brokenChain, [root.renew(), issuing])).toEqual([]);
  });

  test("applies with Require Root Certificate off as well", () => {
    const options = { requireRootCertificate: false };
    expect(checkRule(brokenChain, [pki.root("Root"), issuing], { options })).toHaveLength(1);
  });

  test("an algorithm that cannot be verified breaks the chain: nothing else would say so", () => {
    const signatureAlgorithm = encodeSequence(encodeOid("1.2.156.10197.1.501"), encodeNull());
    const child = rawCertificate({ issuer: encodeName({ CN: "Root" }), signatureAlgorithm });
    expect(checkRule(brokenChain, [root, child])).toMatchObject([
      { index: 1, evidence: { reason: "sig-alg-unsupported" } },
    ]);
  });

  test.each([
    ["the issuer's key is refused", pki.root("Weak", { keyType: "rsa1024" }), {}],
    [
      "the hash is refused",
      pki.root("RSA", { keyType: "rsa2048" }),
      { signatureScheme: { type: "rsa-pkcs1", hash: "md5" } },
    ],
  ] as const)("does not apply when %s: that has a finding of its own", (_, issuer, overrides) => {
    expect(checkRule(brokenChain, [issuer, issuer.intermediate("Issuing", overrides)])).toEqual([]);
  });

  test("does not apply when no member bears the issuer's name", () => {
    expect(checkRule(brokenChain, [issuing])).toEqual([]);
  });
});
