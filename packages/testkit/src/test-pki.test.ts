import { checkKey, checkSignature } from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { describe, expect, test } from "vitest";
import type { TestKeyType } from "./test-key-pair.ts";
import { testPki } from "./test-pki.ts";

const policy = { allowSha1: false };

describe("the PKI of the tests", () => {
  const pki = testPki();
  const root = pki.root("Partner Root");
  const issuing = root.intermediate("Issuing 1");
  const client = issuing.leaf("client-1");

  test("chains by name, key identifier and signature", () => {
    for (const [child, parent] of [
      [root, root],
      [issuing, root],
      [client, issuing],
    ] as const) {
      expect(child.certificate.issuer.canonical).toBe(parent.certificate.subject.canonical);
      expect(checkSignature(child.certificate, parent.certificate, policy, nodeCrypto)).toBeUndefined();
    }
    expect(client.certificate.extensions.authorityKeyIdentifier?.keyIdentifier).toEqual(
      issuing.certificate.extensions.subjectKeyIdentifier,
    );
  });

  test("a leaf sends itself and its intermediates, not the root", () => {
    expect(client.chain).toEqual([client, issuing]);
    expect(root.chain).toEqual([root]);
    expect(client.chainPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test("renewing keeps name and key and changes the certificate", () => {
    const renewed = issuing.renew();
    expect(renewed.fingerprint).not.toBe(issuing.fingerprint);
    expect(renewed.certificate.publicKey.der).toEqual(issuing.certificate.publicKey.der);
    expect(renewed.certificate.serialNumber).not.toEqual(issuing.certificate.serialNumber);
    expect(checkSignature(client.certificate, renewed.certificate, policy, nodeCrypto)).toBeUndefined();
  });

  test("cross-signing gives a second issuer to the same name and key", () => {
    const other = pki.root("Other Root");
    const crossed = other.crossSign(issuing);
    expect(crossed.certificate.subject.canonical).toBe(issuing.certificate.subject.canonical);
    expect(checkSignature(crossed.certificate, other.certificate, policy, nodeCrypto)).toBeUndefined();
    expect(checkSignature(client.certificate, crossed.certificate, policy, nodeCrypto)).toBeUndefined();
  });

  test.each(["root", "intermediate"])("a forged %s looks the same and signs nothing valid", (kind) => {
    const genuine = kind === "root" ? root : issuing;
    const forged = genuine.forge();
    const { subject, issuer, extensions } = forged.certificate;
    expect([subject.canonical, issuer.canonical]).toEqual([
      genuine.certificate.subject.canonical,
      genuine.certificate.issuer.canonical,
    ]);
    expect(extensions.subjectKeyIdentifier).toEqual(genuine.certificate.extensions.subjectKeyIdentifier);
    const victim = forged.leaf("client-1").certificate;
    expect(checkSignature(victim, genuine.certificate, policy, nodeCrypto)?.code).toBe("signature-invalid");
    if (kind === "intermediate") {
      expect(checkSignature(forged.certificate, root.certificate, policy, nodeCrypto)?.code).toBe("signature-invalid");
    }
  });

  test("any part can be overridden", () => {
    const odd = root.intermediate("Odd", {
      subject: { O: "Odd", CN: "Other" },
      basicConstraints: { cA: true, pathLenConstraint: 0 },
      serialNumber: Uint8Array.of(0),
      notAfter: pki.now - 1,
      subjectKeyIdentifier: false,
      authorityKeyIdentifier: false,
    }).certificate;
    expect(odd.subject.rdns).toHaveLength(2);
    expect(odd.extensions.basicConstraints?.pathLenConstraint).toBe(0);
    expect(odd.notAfter).toBe(pki.now - 1);
    expect(odd.findings.map(({ code }) => code)).toEqual([
      "profile-serial-zero",
      "profile-ski-missing",
      "profile-aki-missing",
    ]);
  });

  test.each<[TestKeyType, string]>([
    ["rsa1024", "key-too-weak"],
    ["p192", "key-too-weak"],
    ["p224", "key-too-weak"],
    ["secp256k1", "key-curve-not-allowed"],
    ["explicitP256", "ec-explicit-curve"],
  ])("a %s key is one that the product refuses: %s", (keyType, code) => {
    expect(checkKey(pki.root("Weak", { keyType }).certificate.publicKey)?.code).toBe(code);
  });

  test("RSA keys differ inside a PKI and are found only once for all of them", () => {
    const [a, b] = [pki.root("A", { keyType: "rsa2048" }), pki.root("B", { keyType: "rsa2048" })];
    expect(a.certificate.publicKey.der).not.toEqual(b.certificate.publicKey.der);
    const again = testPki().root("A", { keyType: "rsa2048" });
    expect(again.certificate.publicKey.der).toEqual(a.certificate.publicKey.der);
  });
});
