import { rawCertificate, rawRsaKey, type TestKeyType, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkRule } from "../testdata/check-rule.ts";
import { weakKey } from "./weak-key.ts";

const pki = testPki();
const rsa = (octets: number, first: number, exponent = Uint8Array.of(1, 0, 1)) =>
  rawCertificate({
    publicKey: rawRsaKey(Uint8Array.of(...(first < 0x80 ? [] : [0]), first, ...new Uint8Array(octets - 1)), exponent),
  });

describe("weak-key: RSA of 2048 to 8192 bits, P-256, P-384, P-521, EdDSA, ML-DSA", () => {
  test.each<TestKeyType>([
    "rsa2048",
    "rsa4096",
    "p256",
    "p384",
    "p521",
    "ed25519",
    "ed448",
    "ml-dsa-65",
  ])("passes %s", (keyType) => expect(checkRule(weakKey, [pki.root("Root", { keyType })])).toEqual([]));

  test.each([
    ["2048 bits", rsa(256, 0x80)],
    ["8192 bits", rsa(1_024, 0x80)],
  ])("passes RSA at the boundary: %s", (_, sample) => expect(checkRule(weakKey, [sample])).toEqual([]));

  test.each([
    ["RSA of 1024 bits", pki.root("Root", { keyType: "rsa1024" }), "key-too-weak", "1024 bits"],
    ["RSA of 2047 bits", rsa(256, 0x7f), "key-too-weak", "2047 bits"],
    ["RSA of 8193 bits", rsa(1_025, 1), "key-too-big", "8193 bits"],
    ["an exponent of 34 bits", rsa(256, 0x80, Uint8Array.of(2, 0, 0, 0, 1)), "key-too-big", "34 bits"],
    ["an even exponent", rsa(256, 0x80, Uint8Array.of(4)), "key-too-weak", "an even one, or 1"],
    ["P-192", pki.root("Root", { keyType: "p192" }), "key-too-weak", "1.2.840.10045.3.1.1 (192 bits)"],
    ["P-224", pki.root("Root", { keyType: "p224" }), "key-too-weak", "1.3.132.0.33 (224 bits)"],
    ["secp256k1", pki.root("Root", { keyType: "secp256k1" }), "key-curve-not-allowed", "1.3.132.0.10 (256 bits)"],
    ["explicit parameters", pki.root("Root", { keyType: "explicitP256" }), "ec-explicit-curve", "explicit parameters"],
  ])("refuses %s", (_, sample, reason, actual) => {
    expect(checkRule(weakKey, [sample])).toMatchObject([{ index: 0, evidence: { reason, actual } }]);
  });
});
