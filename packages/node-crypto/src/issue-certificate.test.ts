import { X509Certificate } from "node:crypto";
import { checkSignature, keyPurpose, parseCertificate, type SignatureScheme } from "@tcm/core";
import { describe, expect, test } from "vitest";
import { generateKeyPair, type KeyType } from "./generate-key-pair.ts";
import { type CertificateRequest, issueCertificate, issuerOf, keyIdentifierOf } from "./issue-certificate.ts";
import { nodeCrypto } from "./node-crypto.ts";

const notBefore = Date.UTC(2026, 0, 1) / 1000;
const notAfter = Date.UTC(2036, 0, 1) / 1000;

function parse(der: Uint8Array) {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(parsed.problem.code);
  return parsed.certificate;
}

function selfSigned(type: KeyType, more: Partial<CertificateRequest> = {}) {
  const { publicKey, privateKey } = generateKeyPair(type);
  const subject = { O: "Partner", CN: "Partner Root" };
  const request = { subject, publicKey, issuer: { name: subject, privateKey }, notBefore, notAfter, ...more };
  return { certificate: parse(issueCertificate(request)), publicKey, privateKey };
}

describe("issuing certificates", () => {
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
  ])("a %s key signs a root that our parser reads and whose signature verifies", (type) => {
    const { certificate } = selfSigned(type);
    expect(checkSignature(certificate, certificate, { allowSha1: false }, nodeCrypto)).toBeUndefined();
    expect(certificate.findings).toEqual([]);
  });

  test.each<[KeyType, SignatureScheme]>([
    ["rsa2048", { type: "rsa-pkcs1", hash: "sha1" }],
    ["rsa2048", { type: "rsa-pkcs1", hash: "sha512" }],
    ["rsa2048", { type: "rsa-pss", hash: "sha256", saltLength: 32 }],
    ["rsa2048", { type: "rsa-pss", hash: "sha1", saltLength: 20 }],
    ["p256", { type: "ecdsa", hash: "sha512" }],
    ["p384", { type: "ecdsa", hash: "sha1" }],
  ])("a %s key signs by the scheme asked for: %o", (type, signatureScheme) => {
    const { certificate } = selfSigned(type, { signatureScheme });
    expect(checkSignature(certificate, certificate, { allowSha1: true }, nodeCrypto)).toBeUndefined();
  });

  test("what was asked for is what OpenSSL reads", () => {
    const { certificate } = selfSigned("p256", {
      serialNumber: Uint8Array.of(0x12, 0x34),
      basicConstraints: { cA: true, pathLenConstraint: 1 },
      keyUsage: ["keyCertSign", "cRLSign"],
      extendedKeyUsage: [keyPurpose.clientAuth],
      subjectAltName: [
        { dns: "a.example" },
        { ip: Uint8Array.of(127, 0, 0, 1) },
        { email: "ops@a.example" },
        { uri: "spiffe://a.example/x" },
        { directoryName: { C: "DE", CN: "x" } },
      ],
    });
    const read = new X509Certificate(certificate.der);
    expect(read.subject).toBe("O=Partner\nCN=Partner Root");
    expect(read.serialNumber).toBe("1234");
    expect(read.ca).toBe(true);
    expect(read.keyUsage).toEqual([keyPurpose.clientAuth]);
    expect(read.subjectAltName).toBe(
      'DNS:a.example, IP Address:127.0.0.1, email:ops@a.example, URI:spiffe://a.example/x, DirName:"CN=x\\u002cC=DE"',
    );
    expect(read.validFromDate.getTime() / 1000).toBe(notBefore);
    expect(read.validToDate.getTime() / 1000).toBe(notAfter);
    expect(read.verify(read.publicKey)).toBe(true);
  });

  test("our own parser reads every extension back", () => {
    const { certificate, publicKey } = selfSigned("p256", {
      basicConstraints: { cA: true, pathLenConstraint: 0 },
      keyUsage: ["digitalSignature", "keyCertSign", "decipherOnly"],
      nameConstraints: {
        permitted: [{ dns: "example.com" }],
        excluded: [{ ip: Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0) }],
      },
      authorityKeyIdentifier: Uint8Array.of(1, 2, 3),
    });
    const { extensions } = certificate;
    expect(extensions.basicConstraints).toEqual({ cA: true, pathLenConstraint: 0 });
    expect(extensions.keyUsage).toMatchObject({
      digitalSignature: true,
      keyCertSign: true,
      cRLSign: false,
      decipherOnly: true,
    });
    expect(extensions.nameConstraints?.permittedSubtrees).toEqual([{ form: "dNSName", text: "example.com" }]);
    expect(extensions.nameConstraints?.excludedSubtrees).toHaveLength(1);
    expect(extensions.subjectKeyIdentifier).toEqual(new Uint8Array(keyIdentifierOf(publicKey)));
    expect(extensions.authorityKeyIdentifier?.keyIdentifier).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("a certificate issued by another carries its subject byte by byte and its key identifier", () => {
    const root = selfSigned("p256");
    const { publicKey } = generateKeyPair("p256");
    const issuer = issuerOf(root.certificate, root.privateKey);
    const leaf = parse(issueCertificate({ subject: { CN: "client-1" }, publicKey, issuer, notBefore, notAfter }));
    expect(leaf.issuer.der).toEqual(root.certificate.subject.der);
    expect(leaf.extensions.authorityKeyIdentifier?.keyIdentifier).toEqual(
      root.certificate.extensions.subjectKeyIdentifier,
    );
    expect(checkSignature(leaf, root.certificate, { allowSha1: false }, nodeCrypto)).toBeUndefined();
  });

  test("key identifiers are left out on request", () => {
    const { certificate } = selfSigned("p256", { subjectKeyIdentifier: false, authorityKeyIdentifier: false });
    expect([...certificate.extensions.all.keys()]).toEqual([]);
  });

  test("an extra extension takes the place of the described one with its OID", () => {
    const value = Uint8Array.of(0x30, 0);
    const { certificate } = selfSigned("p256", {
      basicConstraints: { cA: true },
      extraExtensions: [
        { oid: "2.5.29.19", critical: false, value },
        { oid: "1.2.3.4", critical: true, value },
      ],
    });
    expect(certificate.extensions.basicConstraints).toEqual({ cA: false });
    expect(certificate.extensions.unknownCritical).toEqual(["1.2.3.4"]);
  });

  test("a subjectAltName is critical exactly when the subject is empty", () => {
    const subjectAltName = [{ dns: "a.example" }];
    const isCritical = (subject: { CN?: string }) =>
      selfSigned("p256", { subject, subjectAltName }).certificate.extensions.all.get("2.5.29.17")?.critical;
    expect(isCritical({})).toBe(true);
    expect(isCritical({ CN: "a" })).toBe(false);
  });

  test("version 1 has neither a version field nor extensions", () => {
    const { certificate } = selfSigned("p256", { version: 1, basicConstraints: { cA: true } });
    expect(certificate.version).toBe(1);
    expect(certificate.extensions.all.size).toBe(0);
    expect(certificate.findings).toEqual([]);
  });

  test("random serial numbers are positive, 16 octets and different", () => {
    const [a, b] = [selfSigned("p256"), selfSigned("p256")].map(({ certificate }) => certificate.serialNumber);
    expect(a).toHaveLength(16);
    expect((a?.[0] ?? 0xff) & 0x80).toBe(0);
    expect(a).not.toEqual(b);
  });
});
