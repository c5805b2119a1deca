import { createHash } from "node:crypto";
import { encodeBits, encodeOid, encodeSequence, parseCertificate, type SignatureScheme } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { signEd25519, verifyEd25519 } from "./ed25519.ts";
import { generateKeyPair, type KeyType, privateKeyPem } from "./generate-key-pair.ts";
import { issueCertificate } from "./issue-certificate.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { defaultScheme, signWith } from "./sign-with.ts";

const data = new TextEncoder().encode("signed bytes");

function publicKeyOf(type: KeyType) {
  const { publicKey, privateKey } = generateKeyPair(type);
  const name = { CN: type };
  const request = { subject: name, publicKey, issuer: { name, privateKey }, notBefore: 0, notAfter: 1 };
  const parsed = parseCertificate(issueCertificate(request), nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return { key: parsed.certificate.publicKey, privateKey };
}

describe("the crypto port on node:crypto", () => {
  test("SHA-256 is that of NIST, also of a view into a larger buffer", () => {
    expect(nodeCrypto.sha256(new TextEncoder().encode("abc"))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    const view = Uint8Array.from({ length: 100 }, (_, i) => i).subarray(10, 20);
    expect(nodeCrypto.sha256(view)).toBe(createHash("sha256").update(view).digest("hex"));
  });

  test.each<KeyType>([
    "p256",
    "p384",
    "p521",
    "rsa2048",
    "ed25519",
    "ed448",
    "ml-dsa-44",
    "ml-dsa-65",
    "ml-dsa-87",
  ])("%s: its own signature verifies, anything else does not", (type) => {
    const { key, privateKey } = publicKeyOf(type);
    const scheme = defaultScheme(privateKey);
    const signature = signWith(scheme, privateKey, data);
    expect(nodeCrypto.verifySignature(scheme, key, data, signature)).toBe(true);
    expect(nodeCrypto.verifySignature(scheme, key, data.with(0, 0), signature)).toBe(false);
    expect(nodeCrypto.verifySignature(scheme, key, data, signature.subarray(1))).toBe(false);
    expect(nodeCrypto.verifySignature(scheme, key, data, new Uint8Array())).toBe(false);
    expect(nodeCrypto.verifySignature(scheme, publicKeyOf(type).key, data, signature)).toBe(false);
  });

  test("a scheme that does not fit the key, or a hash that the library does not know, verifies nothing", () => {
    const { key } = publicKeyOf("p256");
    const schemes: readonly SignatureScheme[] = [
      { type: "rsa-pkcs1", hash: "sha256" },
      { type: "rsa-pss", hash: "sha256", saltLength: 32 },
      { type: "ed25519" },
      { type: "ecdsa", hash: "sha999" as "sha256" },
    ];
    for (const scheme of schemes) {
      expect(nodeCrypto.verifySignature(scheme, key, data, new Uint8Array(64))).toBe(false);
    }
  });

  test("a key that cannot be read verifies nothing, and throws nothing", () => {
    const { key } = publicKeyOf("p256");
    const der = encodeSequence(encodeSequence(encodeOid("1.2.3")), encodeBits(new Uint8Array(3)));
    const unreadable = { ...key, der };
    for (let again = 0; again < 2; again++) {
      expect(nodeCrypto.verifySignature({ type: "ed25519" }, unreadable, data, new Uint8Array(64))).toBe(false);
    }
  });

  test("the salt of a PSS signature is exactly the one that was named", () => {
    const { key, privateKey } = publicKeyOf("rsa2048");
    const signed = signWith({ type: "rsa-pss", hash: "sha256", saltLength: 32 }, privateKey, data);
    const verify = (saltLength: number) =>
      nodeCrypto.verifySignature({ type: "rsa-pss", hash: "sha256", saltLength }, key, data, signed);
    expect([verify(32), verify(20), verify(0)]).toEqual([true, false, false]);
  });
});

describe("Ed25519 for manifests", () => {
  const { publicKey, privateKey } = generateKeyPair("ed25519");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const signature = signEd25519(privateKey, data);

  test("verifies what was signed and nothing else", () => {
    expect(signature).toHaveLength(64);
    expect(verifyEd25519(spki, data, signature)).toBe(true);
    expect(verifyEd25519(spki, data.with(0, 0), signature)).toBe(false);
    expect(verifyEd25519(spki, data, Uint8Array.from(signature).with(0, (signature[0] as number) ^ 1))).toBe(false);
    expect(verifyEd25519(spki, data, signature.subarray(0, 63))).toBe(false);
  });

  test("a key of another kind, or none, verifies nothing", () => {
    const other = generateKeyPair("ed448");
    const otherSpki = other.publicKey.export({ type: "spki", format: "der" });
    expect(verifyEd25519(otherSpki, data, signWith({ type: "ed448" }, other.privateKey, data))).toBe(false);
    expect(verifyEd25519(new Uint8Array(), data, signature)).toBe(false);
  });
});

describe("keys that the product makes", () => {
  test.each<[KeyType, SignatureScheme]>([
    ["p256", { type: "ecdsa", hash: "sha256" }],
    ["p384", { type: "ecdsa", hash: "sha384" }],
    ["p521", { type: "ecdsa", hash: "sha512" }],
    ["rsa2048", { type: "rsa-pkcs1", hash: "sha256" }],
    ["ed25519", { type: "ed25519" }],
    ["ml-dsa-65", { type: "ml-dsa-65" }],
  ])("%s signs with a hash as strong as itself", (type, scheme) => {
    expect(defaultScheme(generateKeyPair(type).privateKey)).toEqual(scheme);
  });

  test("are different each time and leave as PKCS#8", () => {
    const [a, b] = [generateKeyPair("p256"), generateKeyPair("p256")].map(({ privateKey }) =>
      privateKeyPem(privateKey),
    );
    expect(a).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(a).not.toBe(b);
  });
});
