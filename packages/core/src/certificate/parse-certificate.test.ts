import { X509Certificate } from "node:crypto";
import { nodeCrypto } from "@tcm/node-crypto";
import { rawCertificate, rawExtensions, type RawParts, rawTime, testPki } from "@tcm/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  encodeBits,
  encodeElement,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSetOf,
} from "../der/der-writer.ts";
import { profileRules } from "../rules/rfc5280/profile.ts";
import { encodeSignatureAlgorithm } from "../signature/encode-signature-algorithm.ts";
import type { ProfileFindingCode } from "./certificate.ts";
import { authorityKeyIdentifierExtension, subjectKeyIdentifierExtension } from "./encode-extension.ts";
import { encodeName } from "./encode-name.ts";
import { maxCertificateBytes, parseCertificate } from "./parse-certificate.ts";

const nothing = new Uint8Array();
const pki = testPki();

function parse(der: Uint8Array) {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.certificate;
}

function problemOf(der: Uint8Array) {
  const parsed = parseCertificate(der, nodeCrypto);
  return parsed.ok ? undefined : parsed.problem;
}

/** Where `part` stands in `der`. */
function place(der: Uint8Array, part: Uint8Array): number {
  return Buffer.from(der).indexOf(part);
}

/** Swaps the first occurrence. */
function patch(der: Uint8Array, before: string, after: string): Uint8Array {
  const hex = Buffer.from(der).toString("hex");
  expect(hex).toContain(before);
  return Uint8Array.fromHex(hex.replace(before, after));
}

const findingsOf = (parts: Partial<RawParts>) => parse(rawCertificate(parts)).findings;
const codesOf = (parts: Partial<RawParts>) => findingsOf(parts).map(({ code }) => code);

describe("RFC 5280 §4.1: the fields of a certificate", () => {
  test("a usual one has every field and no finding", () => {
    const der = rawCertificate();
    const certificate = parse(der);
    expect(certificate).toMatchObject({ version: 3, notBefore: 1_767_225_600, notAfter: 2_082_758_400, findings: [] });
    expect(certificate.serialNumber).toEqual(Uint8Array.of(0x12, 0x67));
    expect(certificate.signatureAlgorithm.oid).toBe("1.2.840.10045.4.3.2");
    expect(certificate.signature).toEqual(Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1));
    expect(certificate.subject).toBe(certificate.issuer);
    expect([...certificate.extensions.all.keys()]).toEqual(["2.5.29.19", "2.5.29.14"]);
    expect(certificate.extensions.all.get("2.5.29.14")?.offset).toBe(place(der, Uint8Array.fromHex("300d0603551d0e")));
  });

  test("the fingerprint is SHA-256 of our bytes and tbs is what was signed", () => {
    const minted = pki.root("Root");
    const certificate = parse(minted.der);
    expect(certificate.fingerprint).toBe(
      new X509Certificate(minted.der).fingerprint256.replaceAll(":", "").toLowerCase(),
    );
    expect(certificate.tbs.buffer).toBe(minted.der.buffer);
    expect(place(minted.der, certificate.tbs)).toBe(4);
  });

  test("an issuer that says the subject's name in other bytes stays another value", () => {
    const certificate = parse(rawCertificate({ issuer: encodeName({ CN: "RAW ROOT" }) }));
    expect(certificate.issuer).not.toBe(certificate.subject);
    expect(certificate.issuer.canonical).toBe(certificate.subject.canonical);
  });

  test.each<[string, Partial<RawParts>, 1 | 2 | 3]>([
    ["absent", { version: nothing, rest: nothing }, 1],
    ["explicit v1", { version: Uint8Array.fromHex("a003020100"), rest: nothing }, 1],
    ["v2", { version: Uint8Array.fromHex("a003020101"), rest: nothing }, 2],
    ["v3 without extensions", { rest: nothing }, 3],
  ])("version: %s", (_, parts, version) => expect(parse(rawCertificate(parts)).version).toBe(version));
});

describe("what is not DER, or not one certificate, is refused with its offset", () => {
  const usual = rawCertificate();

  test.each<[string, Uint8Array, string, number]>([
    ["nothing", nothing, "der-truncated", 0],
    ["one byte", Uint8Array.of(0x30), "der-truncated", 0],
    ["another type", Uint8Array.of(4, 0), "der-unexpected-tag", 0],
    ["an empty SEQUENCE", Uint8Array.of(0x30, 0), "der-truncated", 2],
    ["a byte after it", Uint8Array.of(...usual, 0), "der-trailing-data", usual.length],
    ["a second certificate after it", concatBytes([usual, usual]), "der-trailing-data", usual.length],
    ["BER indefinite length", Uint8Array.of(0x30, 0x80, ...usual.subarray(4), 0, 0), "der-indefinite-length", 1],
    ["a length in three octets", Uint8Array.of(0x30, 0x83, 0, ...usual.subarray(2)), "der-non-minimal-length", 1],
    ["too large", new Uint8Array(maxCertificateBytes + 1), "der-too-large", 0],
  ])("%s", (_, der, code, offset) => expect(problemOf(der)).toMatchObject({ code, offset }));

  test("the largest size, 128 KiB, is still read", () => {
    expect(maxCertificateBytes).toBe(131_072);
    expect(problemOf(new Uint8Array(maxCertificateBytes))?.code).not.toBe("der-too-large");
  });

  test.each<[string, Partial<RawParts>, keyof RawParts, string, number]>([
    ["version 4", { version: Uint8Array.fromHex("a003020103") }, "version", "der-bad-version", 0],
    ["version -1", { version: Uint8Array.fromHex("a0030201ff") }, "version", "der-bad-version", 0],
    ["version 256", { version: Uint8Array.fromHex("a00402020100") }, "version", "der-bad-version", 0],
    ["two versions", { version: Uint8Array.fromHex("a006020102020102") }, "version", "der-trailing-data", 5],
    ["an empty serial number", { serialNumber: Uint8Array.of(2, 0) }, "serialNumber", "der-bad-integer", 0],
    ["a long serial number", { serialNumber: Uint8Array.of(2, 2, 0, 1) }, "serialNumber", "der-bad-integer", 2],
    ["30 February", { notAfter: rawTime("360230000000Z") }, "notAfter", "der-bad-time", 2],
    ["an offset", { notAfter: rawTime("20360101000000+0000") }, "notAfter", "der-bad-time", 2],
    ["a fraction", { notAfter: rawTime("20360101000000.5Z") }, "notAfter", "der-bad-time", 2],
    [
      "a third date",
      { notAfter: concatBytes([rawTime("360101000000Z"), rawTime("370101000000Z")]) },
      "notAfter",
      "der-trailing-data",
      15,
    ],
    [
      "a constructed signature",
      { signatureValue: Uint8Array.fromHex("230403020001") },
      "signatureValue",
      "der-unexpected-tag",
      0,
    ],
    [
      "a signature of odd bits",
      { signatureValue: Uint8Array.of(3, 2, 1, 0xfe) },
      "signatureValue",
      "der-bad-bit-string",
      0,
    ],
    [
      "something after the signature",
      { signatureValue: Uint8Array.of(3, 2, 0, 1, 5, 0) },
      "signatureValue",
      "der-trailing-data",
      4,
    ],
    [
      "something after the extensions",
      { rest: concatBytes([rawExtensions(subjectKeyIdentifierExtension(nothing)), Uint8Array.of(5, 0)]) },
      "rest",
      "der-trailing-data",
      15,
    ],
    ["no extension in the list", { rest: rawExtensions() }, "rest", "der-empty-sequence", 4],
    ["extensions in version 1", { version: nothing }, "rest", "der-extensions-need-v3", 0],
    ["extensions in version 2", { version: Uint8Array.fromHex("a003020101") }, "rest", "der-extensions-need-v3", 0],
    [
      "a unique identifier in version 1",
      { version: nothing, rest: Uint8Array.fromHex("81020001") },
      "rest",
      "der-bad-version",
      0,
    ],
    [
      "a unique identifier with bits unused but set",
      { rest: Uint8Array.fromHex("81020101") },
      "rest",
      "der-bad-bit-string",
      0,
    ],
    ["an empty unique identifier", { rest: Uint8Array.fromHex("8100") }, "rest", "der-bad-bit-string", 0],
    ["an empty RDN", { subject: encodeSequence(Uint8Array.of(0x31, 0)) }, "subject", "der-empty-sequence", 4],
    [
      "an attribute without value",
      { subject: encodeSequence(encodeSetOf(encodeSequence(encodeOid("2.5.4.3")))) },
      "subject",
      "der-truncated",
      11,
    ],
    [
      "a constructed string",
      { subject: encodeSequence(encodeSetOf(encodeSequence(encodeOid("2.5.4.3"), Uint8Array.fromHex("2c030c0141")))) },
      "subject",
      "der-bad-string",
      11,
    ],
    [
      "an attribute of three parts",
      {
        subject: encodeSequence(encodeSetOf(encodeSequence(encodeOid("2.5.4.3"), Uint8Array.fromHex("0c01410c0142")))),
      },
      "subject",
      "der-trailing-data",
      14,
    ],
    [
      "a bad OID in a name",
      {
        subject: encodeSequence(
          encodeSetOf(encodeSequence(Uint8Array.of(6, 2, 0x55, 0x80), Uint8Array.fromHex("0c0141"))),
        ),
      },
      "subject",
      "der-bad-oid",
      9,
    ],
    [
      "a bad curve",
      {
        publicKey: encodeSequence(
          encodeSequence(encodeOid("1.2.840.10045.2.1"), Uint8Array.of(6, 1, 0x80)),
          encodeBits(nothing),
        ),
      },
      "publicKey",
      "der-bad-oid",
      15,
    ],
    [
      "an algorithm of three parts",
      { signatureAlgorithm: encodeSequence(encodeOid("1.2.3"), Uint8Array.of(5, 0, 5, 0)) },
      "signatureAlgorithm",
      "der-trailing-data",
      8,
    ],
  ])("%s", (_, parts, part, code, within) => {
    const der = rawCertificate(parts);
    const at = place(der, parts[part] ?? rawExtensionsOf(der));
    expect(problemOf(der)).toMatchObject({ code, offset: at + within });
  });

  function rawExtensionsOf(der: Uint8Array): Uint8Array {
    return der.subarray(place(der, Uint8Array.of(0xa3)));
  }

  test("two different algorithms inside and outside", () => {
    const outerAlgorithm = encodeSignatureAlgorithm({ type: "ecdsa", hash: "sha384" });
    const der = rawCertificate({ outerAlgorithm });
    expect(problemOf(der)).toMatchObject({ code: "der-sigalg-mismatch", offset: place(der, outerAlgorithm) });
  });

  test("algorithms that differ in their parameters alone", () => {
    const outerAlgorithm = encodeSequence(encodeOid("1.2.840.10045.4.3.2"), Uint8Array.of(5, 0));
    expect(problemOf(rawCertificate({ outerAlgorithm }))?.code).toBe("der-sigalg-mismatch");
  });
});

describe("deviations from the profile are findings in the order of their offsets, never faults", () => {
  const citations = new Map(profileRules.map(({ code, cites }) => [code, cites]));
  const ski = subjectKeyIdentifierExtension(Uint8Array.of(1));
  const leafName = encodeName({ CN: "Leaf" });
  const basicConstraints = (critical: boolean, hex: string) => ({
    oid: "2.5.29.19",
    critical,
    value: Uint8Array.fromHex(hex),
  });
  const subjectAltName = (critical: boolean, name: string) => ({
    oid: "2.5.29.17",
    critical,
    value: encodeSequence(encodeElement(0x82, new TextEncoder().encode(name))),
  });

  test.each<[ProfileFindingCode, string, Partial<RawParts>]>([
    ["profile-serial-zero", "serial number 0", { serialNumber: encodeInteger(0) }],
    ["profile-serial-negative", "serial number -1", { serialNumber: Uint8Array.of(2, 1, 0xff) }],
    ["profile-serial-too-long", "21 octets", { serialNumber: Uint8Array.of(2, 21, 1, ...new Uint8Array(20)) }],
    ["profile-explicit-v1", "version 1 written out", { version: Uint8Array.fromHex("a003020100"), rest: nothing }],
    ["profile-time-type", "GeneralizedTime in 2049", { notAfter: rawTime("20491231235959Z") }],
    ["profile-ski-missing", "a CA without SKI", { rest: rawExtensions(basicConstraints(true, "30030101ff")) }],
    ["profile-aki-missing", "issued by another, without AKI", { issuer: leafName }],
    [
      "profile-aki-missing",
      "an AKI without key identifier",
      {
        issuer: leafName,
        rest: rawExtensions(ski, { oid: "2.5.29.35", critical: false, value: Uint8Array.of(0x30, 0) }),
      },
    ],
    [
      "profile-aki-critical",
      "critical AKI",
      { rest: rawExtensions(ski, { ...authorityKeyIdentifierExtension(Uint8Array.of(1)), critical: true }) },
    ],
    ["profile-ski-critical", "critical SKI", { rest: rawExtensions({ ...ski, critical: true }) }],
    [
      "profile-basic-constraints-not-critical",
      "cA TRUE, not critical",
      { rest: rawExtensions(ski, basicConstraints(false, "30030101ff")) },
    ],
    [
      "profile-explicit-default",
      "critical FALSE written out",
      { rest: rawExtensions(encodeSequence(encodeOid("1.2.3"), Uint8Array.of(1, 1, 0), Uint8Array.of(4, 0))) },
    ],
    ["profile-explicit-default", "cA FALSE written out", { rest: rawExtensions(basicConstraints(true, "3003010100")) }],
    [
      "profile-path-len-without-ca",
      "pathLenConstraint with cA FALSE",
      { rest: rawExtensions(basicConstraints(true, "3003020100")) },
    ],
    [
      "profile-name-constraints-not-critical",
      "name constraints, not critical",
      { rest: rawExtensions({ oid: "2.5.29.30", critical: false, value: Uint8Array.fromHex("3007a0053003820161") }) },
    ],
    [
      "profile-policy-constraints-not-critical",
      "policy constraints, not critical",
      { rest: rawExtensions({ oid: "2.5.29.36", critical: false, value: Uint8Array.fromHex("3003800100") }) },
    ],
    [
      "profile-empty-issuer",
      "issuer without RDN",
      { issuer: Uint8Array.of(0x30, 0), rest: rawExtensions(ski, authorityKeyIdentifierExtension(Uint8Array.of(1))) },
    ],
    [
      "profile-empty-subject",
      "subject without RDN, no subjectAltName",
      { subject: Uint8Array.of(0x30, 0), rest: rawExtensions(ski, authorityKeyIdentifierExtension(Uint8Array.of(1))) },
    ],
    [
      "profile-empty-subject",
      "subject without RDN, subjectAltName not critical",
      {
        subject: Uint8Array.of(0x30, 0),
        rest: rawExtensions(subjectAltName(false, "a.example"), authorityKeyIdentifierExtension(Uint8Array.of(1))),
      },
    ],
    [
      "profile-unique-identifier",
      "issuerUniqueID",
      { rest: concatBytes([Uint8Array.fromHex("810200aa"), rawExtensions(ski)]) },
    ],
    [
      "profile-key-usage-empty",
      "keyUsage without a bit",
      { rest: rawExtensions({ oid: "2.5.29.15", critical: true, value: Uint8Array.of(3, 1, 0) }) },
    ],
    [
      "profile-named-bits",
      "trailing zero bits",
      { rest: rawExtensions({ oid: "2.5.29.15", critical: true, value: Uint8Array.of(3, 2, 0, 4) }) },
    ],
    [
      "profile-dns-name-control-character",
      "NUL in a dNSName",
      { rest: rawExtensions(subjectAltName(false, "a\0.example")) },
    ],
    [
      "profile-dns-name-control-character",
      "a blank in a dNSName",
      { rest: rawExtensions(subjectAltName(false, "a b")) },
    ],
  ])("%s: %s", (code, _, parts) => {
    expect(findingsOf(parts).map(({ code: found, cites }) => [found, cites])).toEqual([[code, citations.get(code)]]);
  });

  test.each<[string, Partial<RawParts>]>([
    ["20 octets of serial number", { serialNumber: Uint8Array.of(2, 20, 1, ...new Uint8Array(19)) }],
    ["GeneralizedTime from 2050 on", { notAfter: rawTime("20500101000000Z") }],
    ["cA FALSE need not be critical", { rest: rawExtensions(basicConstraints(false, "3000")) }],
    ["an end entity without SKI", { rest: rawExtensions(basicConstraints(true, "3000")) }],
    ["no SKI and no AKI in version 1", { version: nothing, issuer: leafName, rest: nothing }],
    [
      "an empty subject with a critical subjectAltName",
      {
        subject: Uint8Array.of(0x30, 0),
        rest: rawExtensions(subjectAltName(true, "a.example"), authorityKeyIdentifierExtension(Uint8Array.of(1))),
      },
    ],
    [
      "an AKI that names the issuer's key",
      { issuer: leafName, rest: rawExtensions(ski, authorityKeyIdentifierExtension(Uint8Array.of(1))) },
    ],
  ])("no finding: %s", (_, parts) => expect(codesOf(parts)).toEqual([]));

  test("a CA with an empty subject is told even when a critical subjectAltName stands in", () => {
    const rest = rawExtensions(
      basicConstraints(true, "30030101ff"),
      ski,
      subjectAltName(true, "a.example"),
      authorityKeyIdentifierExtension(Uint8Array.of(1)),
    );
    expect(codesOf({ subject: Uint8Array.of(0x30, 0), rest })).toEqual(["profile-empty-subject"]);
  });

  test("several are sorted by offset and carry their citation", () => {
    const findings = findingsOf({
      serialNumber: encodeInteger(0),
      issuer: leafName,
      rest: rawExtensions(basicConstraints(false, "30030101ff")),
    });
    expect(findings.map(({ code }) => code)).toEqual([
      "profile-serial-zero",
      "profile-ski-missing",
      "profile-aki-missing",
      "profile-basic-constraints-not-critical",
    ]);
    expect(findings.map(({ offset }) => offset)).toEqual(
      findings.map(({ offset }) => offset).toSorted((a, b) => a - b),
    );
    for (const { cites } of findings) expect(cites).toMatch(/^(RFC \d+|X\.690) §/);
  });

  // Known deviation: X.690 §11.6 sorts a SET OF. Names in use are not always sorted, and the fingerprint tells them apart.
  test("an RDN of several attributes out of order is read, and is the same name as the sorted one", () => {
    const [a, b] = [
      encodeSequence(encodeOid("2.5.4.3"), Uint8Array.fromHex("0c0141")),
      encodeSequence(encodeOid("2.5.4.11"), Uint8Array.fromHex("0c0142")),
    ];
    const certificate = parse(
      rawCertificate({
        subject: encodeSequence(encodeElement(0x31, a, b)),
        issuer: encodeSequence(encodeElement(0x31, b, a)),
      }),
    );
    expect(certificate.subject.canonical).toBe(certificate.issuer.canonical);
    expect(certificate.subject.der).not.toEqual(certificate.issuer.der);
  });
});

describe("node:crypto is more lenient, and so cannot give certificates their identity", () => {
  test.each([
    ["bytes after the certificate", (der: Uint8Array) => Uint8Array.of(...der, 0, 0)],
    ["BER indefinite length", (der: Uint8Array) => Uint8Array.of(0x30, 0x80, ...der.subarray(4), 0, 0)],
    ["a long form of the length", (der: Uint8Array) => Uint8Array.of(0x30, 0x83, 0, ...der.subarray(2))],
    ["BOOLEAN 01", (der: Uint8Array) => patch(der, "0101ff", "010101")],
  ])("it reads %s; we refuse", (_, spoil) => {
    const odd = spoil(pki.root("Root").der);
    expect(() => new X509Certificate(odd)).not.toThrow();
    expect(problemOf(odd)).toBeDefined();
  });
});

describe("no input gets past the value: parsing never throws and always ends", () => {
  const samples = [
    pki.root("Root"),
    pki.root("Constrained", {
      nameConstraints: { permitted: [{ dns: "example.com" }], excluded: [{ email: "x.example" }] },
      subjectAltName: [{ dns: "a.example" }, { uri: "urn:x" }, { directoryName: { CN: "x" } }],
      extendedKeyUsage: ["1.3.6.1.5.5.7.3.2"],
    }),
    pki.root("RSA", { keyType: "rsa2048" }).intermediate("Issuing"),
  ].map(({ der }) => der);

  test("cut off after any byte it is refused", () => {
    for (const der of samples) {
      for (let length = 0; length < der.length; length++) {
        expect(problemOf(der.subarray(0, length))?.code).toBe("der-truncated");
      }
    }
  });

  test("with any bit flipped it is refused, or another certificate", () => {
    for (const der of samples) {
      const { fingerprint } = parse(der);
      const mutant = Uint8Array.from(der);
      for (let bit = 0; bit < der.length * 8; bit++) {
        mutant[bit >> 3] = (der[bit >> 3] as number) ^ (1 << (bit & 7));
        const parsed = parseCertificate(mutant, nodeCrypto);
        if (parsed.ok) expect(parsed.certificate.fingerprint).not.toBe(fingerprint);
        else expect(parsed.problem.offset).toBeLessThanOrEqual(der.length);
        mutant[bit >> 3] = der[bit >> 3] as number;
      }
    }
  });

  test("with any byte set to any of the telling values it is refused, or another certificate", () => {
    for (const der of samples) {
      const { fingerprint } = parse(der);
      for (let at = 0; at < der.length; at++) {
        for (const value of [0, 1, 0x1f, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff]) {
          if (der[at] === value) continue;
          const parsed = parseCertificate(der.with(at, value), nodeCrypto);
          if (parsed.ok) expect(parsed.certificate.fingerprint).not.toBe(fingerprint);
        }
      }
    }
  });

  test("arbitrary bytes, and arbitrary bytes inside a certificate", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(400), (bytes, at) => {
        expect(problemOf(bytes)).toBeDefined();
        const spliced = Uint8Array.from(samples[1] ?? nothing);
        spliced.set(bytes.subarray(0, Math.max(0, spliced.length - at)), Math.min(at, spliced.length));
        parseCertificate(spliced, nodeCrypto);
        parseCertificate(rawCertificate({ subject: bytes }), nodeCrypto);
        parseCertificate(rawCertificate({ rest: encodeElement(0xa3, encodeSequence(bytes)) }), nodeCrypto);
      }),
      { numRuns: 500 },
    );
  });

  test("deeply nested input costs no stack", () => {
    let deep: Uint8Array = Uint8Array.of(5, 0);
    for (let i = 0; i < 20_000; i++) deep = deep.length < 60_000 ? encodeSequence(deep) : deep;
    expect(problemOf(deep)).toBeDefined();
  });
});
