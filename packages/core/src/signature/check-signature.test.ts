import { parseCertificate } from "../certificate/parse-certificate.ts";
import { encodeBits, encodeElement, encodeInteger, encodeNull, encodeOid, encodeSequence } from "../der/der-writer.ts";
import { nodeCrypto } from "@tcm/node-crypto";
import { rawCertificate, type RawParts, rawPublicKey, rawRsaKey, type TestKeyType, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { checkKey } from "./check-key.ts";
import { checkSignature } from "./check-signature.ts";
import { brokenHash } from "./broken-hash.ts";
import { encodeSignatureAlgorithm } from "./encode-signature-algorithm.ts";
import { schemeOf } from "./scheme-of.ts";
import type { SignatureScheme } from "./signature-scheme.ts";

const pki = testPki();
const strict = { allowSha1: false };

function raw(parts: Partial<RawParts>) {
  const parsed = parseCertificate(rawCertificate(parts), nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return parsed.certificate;
}

function verify(
  child: { certificate: ReturnType<typeof raw> },
  issuer: { certificate: ReturnType<typeof raw> },
  policy = strict,
) {
  return checkSignature(child.certificate, issuer.certificate, policy, nodeCrypto)?.code;
}

const all: readonly (readonly [TestKeyType, SignatureScheme])[] = [
  ["rsa2048", { type: "rsa-pkcs1", hash: "sha224" }],
  ["rsa2048", { type: "rsa-pkcs1", hash: "sha256" }],
  ["rsa2048", { type: "rsa-pkcs1", hash: "sha384" }],
  ["rsa2048", { type: "rsa-pkcs1", hash: "sha512" }],
  ["rsa2048", { type: "rsa-pss", hash: "sha256", saltLength: 32 }],
  ["rsa2048", { type: "rsa-pss", hash: "sha384", saltLength: 48 }],
  ["rsa2048", { type: "rsa-pss", hash: "sha512", saltLength: 64 }],
  ["rsa2048", { type: "rsa-pss", hash: "sha256", saltLength: 0 }],
  ["rsaPss", { type: "rsa-pss", hash: "sha256", saltLength: 32 }],
  ["p256", { type: "ecdsa", hash: "sha224" }],
  ["p256", { type: "ecdsa", hash: "sha256" }],
  ["p256", { type: "ecdsa", hash: "sha512" }],
  ["p384", { type: "ecdsa", hash: "sha384" }],
  ["p521", { type: "ecdsa", hash: "sha512" }],
  ["ed25519", { type: "ed25519" }],
  ["ed448", { type: "ed448" }],
  ["ml-dsa-44", { type: "ml-dsa-44" }],
  ["ml-dsa-65", { type: "ml-dsa-65" }],
  ["ml-dsa-87", { type: "ml-dsa-87" }],
];

describe("every signature scheme", () => {
  test.each(
    all,
  )("%s with %o verifies, is refused when changed, and is refused under another key", (keyType, signatureScheme) => {
    const root = pki.root("Root", { keyType });
    const child = root.intermediate("Issuing", { signatureScheme });
    expect(schemeOf(child.certificate.signatureAlgorithm)).toEqual(signatureScheme);
    expect(verify(child, root)).toBeUndefined();
    expect(verify(child, pki.root("Root", { keyType }))).toBe("signature-invalid");
    const changed = child.der.with(child.der.length - 5, (child.der[child.der.length - 5] as number) ^ 1);
    const parsed = parseCertificate(changed, nodeCrypto);
    if (parsed.ok) expect(verify(parsed, root)).toBe("signature-invalid");
    const otherContent = root.intermediate("Other", { signatureScheme }).certificate;
    const mixed = { certificate: { ...child.certificate, tbs: otherContent.tbs } };
    expect(verify(mixed, root)).toBe("signature-invalid");
  });

  test.each(all)("the AlgorithmIdentifier of %s with %o is read as it is written", (_, scheme) => {
    const certificate = raw({ signatureAlgorithm: encodeSignatureAlgorithm(scheme) });
    expect(schemeOf(certificate.signatureAlgorithm)).toEqual(scheme);
  });

  test.each([
    new Uint8Array(),
    Uint8Array.of(0),
    Uint8Array.of(0x30, 0),
    new Uint8Array(256),
    new Uint8Array(100_000),
  ])("a signature of rubbish is refused and never thrown about", (signature) => {
    for (const keyType of ["rsa2048", "p256", "ed25519", "ed448", "ml-dsa-44"] as const) {
      const { certificate } = pki.root("Root", { keyType });
      expect(verify({ certificate: { ...certificate, signature } }, { certificate })).toBe("signature-invalid");
    }
  });
});

describe("RFC 9155: broken hashes", () => {
  const rsa = pki.root("RSA", { keyType: "rsa2048" });
  const ec = pki.root("EC");

  test.each<[string, SignatureScheme]>([
    ["RSA", { type: "rsa-pkcs1", hash: "sha1" }],
    ["PSS", { type: "rsa-pss", hash: "sha1", saltLength: 20 }],
    ["ECDSA", { type: "ecdsa", hash: "sha1" }],
  ])("SHA-1 with %s is refused unless allowed", (_, signatureScheme) => {
    const issuer = signatureScheme.type === "ecdsa" ? ec : rsa;
    const child = issuer.intermediate("Issuing", { signatureScheme });
    expect(verify(child, issuer)).toBe("sig-alg-weak");
    expect(verify(child, issuer, { allowSha1: true })).toBeUndefined();
    expect(brokenHash(child.certificate.signatureAlgorithm)).toEqual({ hash: "SHA-1", isVerifiable: true });
  });

  test("MD5 is refused always", () => {
    const child = rsa.intermediate("Issuing", { signatureScheme: { type: "rsa-pkcs1", hash: "md5" } });
    expect(verify(child, rsa, { allowSha1: true })).toBe("sig-alg-weak");
    expect(brokenHash(child.certificate.signatureAlgorithm)).toEqual({ hash: "MD5", isVerifiable: false });
  });

  test.each([
    ["1.2.840.113549.1.1.2", "MD2"],
    ["1.2.840.113549.1.1.3", "MD4"],
    ["1.3.14.3.2.29", "SHA-1"],
    ["1.2.840.10040.4.3", "SHA-1"],
  ])("%s rests on %s and is never verified", (oid, hash) => {
    const certificate = raw({ signatureAlgorithm: encodeSequence(encodeOid(oid), encodeNull()) });
    expect(brokenHash(certificate.signatureAlgorithm)).toEqual({ hash, isVerifiable: false });
    expect(verify({ certificate }, rsa, { allowSha1: true })).toBe("sig-alg-unsupported");
  });

  test("SHA-2, EdDSA and unknown algorithms rest on no broken hash", () => {
    const oids = ["1.2.840.113549.1.1.11", "1.3.101.112", "1.2.3"];
    const broken = oids.map((oid) => brokenHash({ oid, parameters: undefined, der: new Uint8Array() }));
    expect(broken).toEqual([undefined, undefined, undefined]);
  });
});

describe("algorithm and parameters must be what the RFCs write", () => {
  const schemeOfBytes = (algorithm: Uint8Array) => schemeOf(raw({ signatureAlgorithm: algorithm }).signatureAlgorithm);
  const algorithm = (oid: string, ...parameters: Uint8Array[]) => encodeSequence(encodeOid(oid), ...parameters);
  const sha256 = algorithm("2.16.840.1.101.3.4.2.1", encodeNull());
  const sha384 = algorithm("2.16.840.1.101.3.4.2.2", encodeNull());
  const mgf1 = (hash: Uint8Array) => algorithm("1.2.840.113549.1.1.8", hash);
  const pss = (...parts: [number, Uint8Array][]) =>
    algorithm("1.2.840.113549.1.1.10", encodeSequence(...parts.map(([n, part]) => encodeElement(0xa0 + n, part))));
  const usual: [number, Uint8Array][] = [
    [0, sha256],
    [1, mgf1(sha256)],
    [2, encodeInteger(32)],
  ];

  test("RSA PKCS#1 takes NULL or nothing (RFC 4055 §2.1)", () => {
    const oid = "1.2.840.113549.1.1.11";
    expect(schemeOfBytes(algorithm(oid, encodeNull()))).toEqual({ type: "rsa-pkcs1", hash: "sha256" });
    expect(schemeOfBytes(algorithm(oid))).toEqual({ type: "rsa-pkcs1", hash: "sha256" });
    expect(schemeOfBytes(algorithm(oid, encodeInteger(0)))).toBeUndefined();
    expect(schemeOfBytes(algorithm(oid, Uint8Array.of(5, 1, 0)))).toBeUndefined();
  });

  test.each([
    "1.2.840.10045.4.3.2",
    "1.3.101.112",
    "1.3.101.113",
    "2.16.840.1.101.3.4.3.17",
  ])("%s takes none (RFC 5758 §3.2, RFC 8410 §3, RFC 9881 §2)", (oid) => {
    expect(schemeOfBytes(algorithm(oid))).toBeDefined();
    expect(schemeOfBytes(algorithm(oid, encodeNull()))).toBeUndefined();
  });

  test.each<[string, Uint8Array, number | undefined]>([
    ["SHA-256 for message and mask", pss(...usual), 32],
    [
      "hash parameters left out",
      pss([0, algorithm("2.16.840.1.101.3.4.2.1")], [1, mgf1(algorithm("2.16.840.1.101.3.4.2.1"))]),
      20,
    ],
    ["a trailer of 1", pss(...usual, [3, encodeInteger(1)]), 32],
    ["another hash for the mask", pss([0, sha256], [1, mgf1(sha384)], [2, encodeInteger(32)]), undefined],
    ["another mask function", pss([0, sha256], [1, algorithm("1.2.3", sha256)]), undefined],
    ["a hash nobody knows", pss([0, algorithm("1.2.3")], [1, mgf1(algorithm("1.2.3"))]), undefined],
    ["a trailer of 2", pss(...usual, [3, encodeInteger(2)]), undefined],
    ["a salt of 512", pss([0, sha256], [1, mgf1(sha256)], [2, encodeInteger(512)]), 512],
    ["a salt of 513", pss([0, sha256], [1, mgf1(sha256)], [2, encodeInteger(513)]), undefined],
    [
      "odd hash parameters",
      pss([0, algorithm("2.16.840.1.101.3.4.2.1", encodeInteger(1))], [1, mgf1(sha256)]),
      undefined,
    ],
    [
      "something after the hash",
      pss([0, algorithm("2.16.840.1.101.3.4.2.1", encodeNull(), encodeNull())], [1, mgf1(sha256)]),
      undefined,
    ],
    ["parts out of order", pss([1, mgf1(sha256)], [0, sha256]), undefined],
    ["no parameters", algorithm("1.2.840.113549.1.1.10"), undefined],
    ["NULL for parameters", algorithm("1.2.840.113549.1.1.10", encodeNull()), undefined],
  ])("RSASSA-PSS (RFC 4055 §3.1): %s", (_, bytes, saltLength) => {
    const scheme = schemeOfBytes(bytes);
    expect(scheme).toEqual(saltLength === undefined ? undefined : { type: "rsa-pss", hash: "sha256", saltLength });
  });

  test("defaults of RSASSA-PSS are SHA-1 and a salt of 20", () => {
    expect(schemeOfBytes(pss())).toEqual({ type: "rsa-pss", hash: "sha1", saltLength: 20 });
  });

  test("what no scheme is written for is refused when encoding", () => {
    expect(() => encodeSignatureAlgorithm({ type: "ecdsa", hash: "md5" })).toThrow(RangeError);
    expect(() => encodeSignatureAlgorithm({ type: "rsa-pss", hash: "md5", saltLength: 16 })).toThrow(RangeError);
  });

  const pssKey = (...parts: [number, Uint8Array][]) => {
    const parameters = encodeSequence(...parts.map(([n, part]) => encodeElement(0xa0 + n, part)));
    const bits = pki.root("R", { keyType: "rsa2048" }).certificate.publicKey.bits;
    return { certificate: raw({ publicKey: rawPublicKey("1.2.840.113549.1.1.10", parameters, bits) }) };
  };

  test.each<[string, [number, Uint8Array][], string]>([
    ["the same hash and salt", usual, "signature-invalid"],
    ["a smaller salt in the key", [...usual.slice(0, 2), [2, encodeInteger(20)]], "signature-invalid"],
    ["a larger salt in the key", [...usual.slice(0, 2), [2, encodeInteger(33)]], "sig-key-type-mismatch"],
    [
      "another hash in the key",
      [
        [0, sha384],
        [1, mgf1(sha384)],
        [2, encodeInteger(32)],
      ],
      "sig-key-type-mismatch",
    ],
    ["parameters that cannot be read", [[1, sha256]], "sig-key-type-mismatch"],
  ])("a PSS key binds its signatures (RFC 4055 §3.3): %s", (_, parts, code) => {
    expect(verify({ certificate: raw({ signatureAlgorithm: pss(...usual) }) }, pssKey(...parts))).toBe(code);
  });
});

describe("algorithm and key must fit", () => {
  const keys: readonly TestKeyType[] = [
    "rsa2048",
    "rsaPss",
    "p256",
    "ed25519",
    "ed448",
    "ml-dsa-44",
    "ml-dsa-65",
    "ml-dsa-87",
  ];
  const schemes: readonly SignatureScheme[] = [
    { type: "rsa-pkcs1", hash: "sha256" },
    { type: "rsa-pss", hash: "sha256", saltLength: 32 },
    { type: "ecdsa", hash: "sha256" },
    { type: "ed25519" },
    { type: "ed448" },
    { type: "ml-dsa-44" },
    { type: "ml-dsa-65" },
    { type: "ml-dsa-87" },
  ];
  const fits = new Set([
    "rsa2048 rsa-pkcs1",
    "rsa2048 rsa-pss",
    "rsaPss rsa-pss",
    "p256 ecdsa",
    "ed25519 ed25519",
    "ed448 ed448",
    "ml-dsa-44 ml-dsa-44",
    "ml-dsa-65 ml-dsa-65",
    "ml-dsa-87 ml-dsa-87",
  ]);

  test.each(keys)("a %s key is asked to verify its own schemes only", (keyType) => {
    const issuer = pki.root("Root", { keyType });
    for (const scheme of schemes) {
      const child = { certificate: raw({ signatureAlgorithm: encodeSignatureAlgorithm(scheme) }) };
      const expected = fits.has(`${keyType} ${scheme.type}`) ? "signature-invalid" : "sig-key-type-mismatch";
      expect([scheme.type, verify(child, issuer)]).toEqual([scheme.type, expected]);
    }
  });
});

describe("keys under which nothing is verified", () => {
  test.each<[TestKeyType, string]>([
    ["rsa1024", "key-too-weak"],
    ["p192", "key-too-weak"],
    ["p224", "key-too-weak"],
    ["secp256k1", "key-curve-not-allowed"],
    ["explicitP256", "ec-explicit-curve"],
  ])("%s: %s, before any cryptography", (keyType, code) => {
    const issuer = pki.root("Weak", { keyType });
    const never = { ...nodeCrypto, verifySignature: () => expect.unreachable("the key must be refused first") };
    expect(checkSignature(issuer.certificate, issuer.certificate, strict, never)?.code).toBe(code);
  });

  test.each<TestKeyType>([
    "rsa2048",
    "rsa3072",
    "rsaExponent3",
    "rsaPss",
    "p256",
    "p384",
    "p521",
    "ed25519",
    "ed448",
    "ml-dsa-44",
  ])("%s is acceptable", (keyType) =>
    expect(checkKey(pki.root("Root", { keyType }).certificate.publicKey)).toBeUndefined());

  const modulus = (octets: number, first: number) =>
    Uint8Array.of(...(first < 0x80 ? [] : [0]), first, ...new Uint8Array(octets - 1).fill(1));
  const e = Uint8Array.of(1, 0, 1);

  test.each<[string, Uint8Array, string | undefined]>([
    ["2047 bits", rawRsaKey(modulus(256, 0x7f), e), "key-too-weak"],
    ["2048 bits", rawRsaKey(modulus(256, 0x80), e), undefined],
    ["8192 bits", rawRsaKey(modulus(1_024, 0xff), e), undefined],
    ["8193 bits", rawRsaKey(modulus(1_025, 1), e), "key-too-big"],
    ["an exponent of 33 bits", rawRsaKey(modulus(256, 0x80), Uint8Array.of(1, 0, 0, 0, 1)), undefined],
    ["an exponent of 34 bits", rawRsaKey(modulus(256, 0x80), Uint8Array.of(2, 0, 0, 0, 1)), "key-too-big"],
    ["an exponent of 1", rawRsaKey(modulus(256, 0x80), Uint8Array.of(1)), "key-too-weak"],
    ["an even exponent", rawRsaKey(modulus(256, 0x80), Uint8Array.of(1, 0, 0)), "key-too-weak"],
    [
      "bits that are no RSA key",
      rawPublicKey("1.2.840.113549.1.1.1", encodeNull(), Uint8Array.of(1)),
      "sig-alg-unsupported",
    ],
    ["an unknown kind of key", rawPublicKey("1.2.3", encodeNull(), Uint8Array.of(1)), "sig-alg-unsupported"],
    ["DSA", rawPublicKey("1.2.840.10040.4.1", encodeNull(), Uint8Array.of(2, 1, 1)), "sig-alg-unsupported"],
    [
      "EC without curve",
      encodeSequence(encodeSequence(encodeOid("1.2.840.10045.2.1")), encodeBits(Uint8Array.of(4))),
      "key-curve-not-allowed",
    ],
    [
      "an unknown curve",
      rawPublicKey("1.2.840.10045.2.1", encodeOid("1.2.3"), Uint8Array.of(4)),
      "key-curve-not-allowed",
    ],
  ])("%s: %s", (_, publicKey, code) => {
    expect(checkKey(raw({ publicKey }).publicKey)?.code).toBe(code);
  });

  test("a point that is not on the curve verifies nothing and throws nothing", () => {
    const { certificate } = { certificate: raw({}) };
    expect(verify({ certificate }, { certificate })).toBe("signature-invalid");
  });
});
