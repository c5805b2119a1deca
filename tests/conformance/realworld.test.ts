import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  type Certificate,
  checkSignature,
  decodePem,
  isSelfIssued,
  parseCertificate,
  renderPem,
  weakness,
  schemeOf,
} from "@tcm/core";
import { nodeCrypto } from "@tcm/node-crypto";
import { describe, expect, test } from "vitest";
import { conformanceFile } from "./conformance-folder.ts";

const file = conformanceFile("realworld-ca-certificates.json");

type Sample = { readonly src: string; readonly der: string };

function load(path: string): readonly Uint8Array[] {
  const samples = JSON.parse(readFileSync(path, "utf8")) as readonly Sample[];
  return samples.map(({ der }) => Uint8Array.fromBase64(der));
}

function parse(der: Uint8Array): Certificate {
  const parsed = parseCertificate(der, nodeCrypto);
  if (!parsed.ok) throw new Error(`${Buffer.from(der).toString("hex", 0, 40)}…: ${JSON.stringify(parsed.problem)}`);
  return parsed.certificate;
}

describe.skipIf(file === undefined)("the 417 CA certificates of real trust stores", () => {
  const ders = file === undefined ? [] : load(file);
  const certificates = ders.map(parse);
  const counted = (is: (certificate: Certificate) => boolean) => certificates.filter(is).length;
  const withFinding = (code: Certificate["findings"][number]["code"]) =>
    counted(({ findings }) => findings.some((finding) => finding.code === code));
  const isRoot = (certificate: Certificate) => isSelfIssued(certificate);

  test("all parse, and are different certificates", () => {
    expect(certificates).toHaveLength(417);
    expect(new Set(certificates.map(({ fingerprint }) => fingerprint)).size).toBe(417);
  });

  test("fingerprint, serial number and validity are those that node:crypto reads", () => {
    certificates.forEach((certificate, i) => {
      const other = new X509Certificate(ders[i] ?? new Uint8Array());
      expect(certificate.fingerprint).toBe(other.fingerprint256.replaceAll(":", "").toLowerCase());
      expect(BigInt(`0x${Buffer.from(certificate.serialNumber).toString("hex")}`)).toBe(
        BigInt(`0x${other.serialNumber}`),
      );
      expect(certificate.notBefore * 1000).toBe(other.validFromDate.getTime());
      expect(certificate.notAfter * 1000).toBe(other.validToDate.getTime());
      expect(certificate.extensions.basicConstraints?.cA ?? false).toBe(other.ca && certificate.version === 3);
    });
  });

  test("all survive PEM, in one bundle and without a line break", () => {
    const bundle = ders.map(renderPem).join("");
    for (const text of [bundle, bundle.replaceAll("\n", ""), bundle.replaceAll("\n", "\r\n")]) {
      const { blocks, problems } = decodePem(text, { maxBlocks: 417 });
      expect(problems).toEqual([]);
      expect(blocks.map(({ der }) => der)).toEqual(ders);
    }
  });

  test("they deviate from RFC 5280 as real CAs do, which is why deviations are findings and not faults", () => {
    expect({
      version1: counted(({ version }) => version === 1),
      withoutSubjectKeyIdentifier: counted(({ extensions }) => extensions.subjectKeyIdentifier === undefined),
      basicConstraintsNotCritical: withFinding("profile-basic-constraints-not-critical"),
      serialZero: withFinding("profile-serial-zero"),
      rootsWithoutAuthorityKeyIdentifier: counted(
        (certificate) => isRoot(certificate) && certificate.extensions.authorityKeyIdentifier === undefined,
      ),
      rootsSignedWithSha1: counted((certificate) => {
        const scheme = schemeOf(certificate.signatureAlgorithm);
        return isRoot(certificate) && scheme !== undefined && weakness(scheme, { allowSha1: false }) === "SHA-1";
      }),
      rsa1024: counted(({ publicKey: { key } }) => key.type === "rsa" && key.modulusBits === 1_024),
    }).toEqual({
      version1: 9,
      withoutSubjectKeyIdentifier: 18,
      basicConstraintsNotCritical: 13,
      serialZero: 13,
      rootsWithoutAuthorityKeyIdentifier: 272,
      rootsSignedWithSha1: 108,
      rsa1024: 15,
    });
  });

  test("nothing else deviates but what is listed here", () => {
    const found = new Map<string, number>();
    for (const { findings } of certificates) {
      for (const code of new Set(findings.map((finding) => finding.code))) found.set(code, (found.get(code) ?? 0) + 1);
    }
    expect(Object.fromEntries(found)).toEqual({
      "profile-basic-constraints-not-critical": 13,
      "profile-name-constraints-not-critical": 1,
      "profile-named-bits": 6,
      "profile-serial-zero": 13,
      "profile-ski-missing": 9,
      "profile-time-type": 2,
    });
  });

  test("no critical extension is unknown", () => {
    expect(certificates.flatMap(({ extensions }) => extensions.unknownCritical)).toEqual([]);
  });

  test("our verdict on every root's own signature is that of node:crypto, refused keys and hashes apart", () => {
    const problems = new Map<string, number>();
    certificates.forEach((certificate, i) => {
      if (!isRoot(certificate)) return;
      const problem = checkSignature(certificate, certificate, { allowSha1: true }, nodeCrypto)?.code ?? "verifies";
      problems.set(problem, (problems.get(problem) ?? 0) + 1);
      const other = new X509Certificate(ders[i] ?? new Uint8Array());
      if (problem === "verifies" || problem === "signature-invalid") {
        expect(other.verify(other.publicKey)).toBe(problem === "verifies");
      }
    });
    expect(Object.fromEntries(problems)).toEqual({
      verifies: 350,
      // RSA-1024; MD5; MD2.
      "key-too-weak": 7,
      "sig-alg-weak": 8,
      "sig-alg-unsupported": 1,
    });
  });
});
