import { nodeCrypto } from "@tcm/node-crypto";
import { rawCertificate, rawPublicKey, rawRsaKey, type TestKeyType, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeNull, encodeOid, encodeSequence } from "../der/der-writer.ts";
import { parseCertificate } from "./parse-certificate.ts";

const pki = testPki();

function factsOf(publicKey: Uint8Array) {
  const parsed = parseCertificate(rawCertificate({ publicKey }), nodeCrypto);
  return parsed.ok ? parsed.certificate.publicKey.key : parsed.problem.code;
}

describe("what a key says of itself, read from its bytes", () => {
  test.each<[TestKeyType, unknown]>([
    ["p256", { type: "ec", curve: "1.2.840.10045.3.1.7", explicitParameters: false, bits: 256 }],
    ["p384", { type: "ec", curve: "1.3.132.0.34", explicitParameters: false, bits: 384 }],
    ["p521", { type: "ec", curve: "1.3.132.0.35", explicitParameters: false, bits: 521 }],
    ["p192", { type: "ec", curve: "1.2.840.10045.3.1.1", explicitParameters: false, bits: 192 }],
    ["p224", { type: "ec", curve: "1.3.132.0.33", explicitParameters: false, bits: 224 }],
    ["secp256k1", { type: "ec", curve: "1.3.132.0.10", explicitParameters: false, bits: 256 }],
    ["explicitP256", { type: "ec", curve: undefined, explicitParameters: true, bits: 0 }],
    ["rsa2048", { type: "rsa", modulusBits: 2048, exponentBits: 17, exponentIsOddAboveOne: true }],
    ["rsaExponent3", { type: "rsa", modulusBits: 2048, exponentBits: 2, exponentIsOddAboveOne: true }],
    ["rsaPss", { type: "rsa-pss", modulusBits: 2048, exponentBits: 17, exponentIsOddAboveOne: true }],
    ["ed25519", { type: "ed25519" }],
    ["ed448", { type: "ed448" }],
    ["ml-dsa-44", { type: "ml-dsa-44" }],
    ["ml-dsa-65", { type: "ml-dsa-65" }],
    ["ml-dsa-87", { type: "ml-dsa-87" }],
  ])("%s", (keyType, facts) => {
    expect(pki.root("Root", { keyType }).certificate.publicKey.key).toEqual(facts);
  });

  const modulus = (bits: number) => {
    const octets = new Uint8Array(Math.ceil(bits / 8) + 1).fill(0xff);
    octets[0] = 0;
    octets[1] = 0xff >> ((8 - (bits % 8)) % 8);
    return octets[1] < 0x80 ? octets.subarray(1) : octets;
  };

  test.each([2_047, 2_048, 8_192, 8_193, 16_384])("an RSA modulus of %i bits is counted to the bit", (bits) => {
    expect(factsOf(rawRsaKey(modulus(bits), Uint8Array.of(1, 0, 1)))).toMatchObject({ modulusBits: bits });
  });

  test.each([
    ["01", 1, false],
    ["02", 2, false],
    ["03", 2, true],
    ["010000", 17, false],
    ["010001", 17, true],
    ["01ffffffff", 33, true],
    ["0200000001", 34, true],
    ["00", 0, false],
  ])("an RSA exponent of %s has %i bits, odd above one: %s", (hex, exponentBits, exponentIsOddAboveOne) => {
    expect(factsOf(rawRsaKey(modulus(2_048), Uint8Array.fromHex(hex)))).toMatchObject({
      exponentBits,
      exponentIsOddAboveOne,
    });
  });

  test.each<[string, Uint8Array]>([
    ["a negative modulus", rawRsaKey(Uint8Array.of(0x80, 1), Uint8Array.of(3))],
    ["a negative exponent", rawRsaKey(modulus(2_048), Uint8Array.of(0xfd))],
    ["a modulus in a long form", rawRsaKey(Uint8Array.of(0, 1), Uint8Array.of(3))],
    ["bits that are no RSA key", rawPublicKey("1.2.840.113549.1.1.1", encodeNull(), Uint8Array.of(1, 2, 3))],
    ["no bits", rawPublicKey("1.2.840.113549.1.1.1", encodeNull(), new Uint8Array())],
    ["an algorithm nobody knows", rawPublicKey("1.2.3.4", new Uint8Array(), Uint8Array.of(1))],
    ["Ed25519 of 31 octets", rawPublicKey("1.3.101.112", new Uint8Array(), new Uint8Array(31))],
    ["Ed448 of 58 octets", rawPublicKey("1.3.101.113", new Uint8Array(), new Uint8Array(58))],
    ["ML-DSA-44 of 1,311 octets", rawPublicKey("2.16.840.1.101.3.4.3.17", new Uint8Array(), new Uint8Array(1_311))],
    [
      "ML-DSA-65 with a key of ML-DSA-44",
      rawPublicKey("2.16.840.1.101.3.4.3.18", new Uint8Array(), new Uint8Array(1_312)),
    ],
  ])("%s makes a key of unknown type, not a fault of the certificate", (_, publicKey) => {
    expect(factsOf(publicKey)).toEqual({ type: "unknown" });
  });

  test("DSA is known by name", () => {
    expect(factsOf(rawPublicKey("1.2.840.10040.4.1", encodeNull(), Uint8Array.of(2, 1, 1)))).toEqual({ type: "dsa" });
  });

  test.each<[string, Uint8Array, string | undefined, number]>([
    ["a curve nobody knows", encodeOid("1.2.3"), "1.2.3", 0],
    ["NULL for a curve", encodeNull(), undefined, 0],
    ["no parameters", new Uint8Array(), undefined, 0],
    ["brainpoolP256r1", encodeOid("1.3.36.3.3.2.8.1.1.7"), "1.3.36.3.3.2.8.1.1.7", 256],
  ])("EC with %s", (_, parameters, curve, bits) => {
    const facts = factsOf(rawPublicKey("1.2.840.10045.2.1", parameters, Uint8Array.of(4)));
    expect(facts).toEqual({ type: "ec", curve, explicitParameters: false, bits });
  });

  test.each<[string, Uint8Array, string]>([
    [
      "bits of no whole octets",
      encodeSequence(encodeSequence(encodeOid("1.2.3")), Uint8Array.of(3, 2, 1, 0)),
      "der-bad-bit-string",
    ],
    ["no bits at all", encodeSequence(encodeSequence(encodeOid("1.2.3"))), "der-truncated"],
    [
      "something after the bits",
      encodeSequence(encodeSequence(encodeOid("1.2.3")), Uint8Array.of(3, 1, 0, 5, 0)),
      "der-trailing-data",
    ],
    ["no algorithm", encodeSequence(Uint8Array.of(3, 1, 0)), "der-unexpected-tag"],
  ])("SubjectPublicKeyInfo with %s is refused", (_, publicKey, code) => expect(factsOf(publicKey)).toBe(code));
});
