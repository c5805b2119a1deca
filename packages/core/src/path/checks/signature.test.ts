import { nodeCrypto } from "@tcm/node-crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import type { CryptoPort } from "../../signature/crypto-port.ts";
import { outcome, verify } from "../testdata/verify.ts";

const pki = testPki();
const root = pki.root("Root");

describe("every signature below the anchor is verified (RFC 5280 §6.1.3 (a)(1))", () => {
  test.each(["rsa2048", "p256", "p384", "ed25519", "rsaPss"] as const)("%s", (keyType) => {
    const anchor = pki.root("Anchor", { keyType });
    expect(outcome(verify(anchor.intermediate("I", { keyType }).leaf("x").chain, [anchor]))).toBe("accepted");
  });

  test("an issuer's key that did not sign is the reason, at the certificate that it did not sign", () => {
    const other = root.intermediate("I");
    const leaf = root.intermediate("I").leaf("x");
    expect(outcome(verify([leaf, other], [root]))).toBe("signature-invalid at 0");
  });

  test("the anchor's own signature is not looked at", () => {
    const anchor = pki.root("Anchor", { signatureScheme: { type: "ecdsa", hash: "sha1" } });
    expect(outcome(verify([anchor.leaf("x")], [anchor]))).toBe("accepted");
  });

  test("SHA-1 only where the caller allows it", () => {
    const leaf = root.leaf("x", { signatureScheme: { type: "ecdsa", hash: "sha1" } });
    expect(outcome(verify([leaf], [root]))).toBe("sig-alg-weak at 0");
    expect(outcome(verify([leaf], [root], { allowSha1: true }))).toBe("accepted");
  });

  test("a pair of certificates is verified once, however many paths go through it", () => {
    let verifications = 0;
    const counting: CryptoPort = {
      ...nodeCrypto,
      verifySignature: (...all) => {
        verifications++;
        return nodeCrypto.verifySignature(...all);
      },
    };
    const issuing = root.intermediate("Issuing");
    const expired = [1, 2, 3].map((seconds) => root.renew({ notAfter: pki.now - seconds }));
    const result = verify(issuing.leaf("x").chain, [...expired, root.renew({ notAfter: pki.now })], {
      crypto: counting,
    });
    expect([outcome(result), verifications]).toEqual(["accepted", 2]);
  });
});

describe("the key of every certificate is strong enough, the client's included", () => {
  test.each([
    ["rsa1024", "key-too-weak at 0"],
    ["p224", "key-too-weak at 0"],
    ["secp256k1", "key-curve-not-allowed at 0"],
    ["explicitP256", "ec-explicit-curve at 0"],
    ["rsa2048", "accepted"],
  ] as const)("a client's %s", (keyType, expected) => {
    expect(outcome(verify([root.leaf("x", { keyType })], [root]))).toBe(expected);
  });

  test("an anchor's too", () => {
    const anchor = pki.root("Weak", { keyType: "rsa1024" });
    expect(outcome(verify([anchor.leaf("x")], [anchor]))).toBe("key-too-weak at 1");
  });
});
