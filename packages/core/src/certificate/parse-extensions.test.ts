import { nodeCrypto } from "@tcm/node-crypto";
import { rawCertificate, rawExtensions } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { encodeElement, encodeOid, encodeSequence } from "../der/der-writer.ts";
import { basicConstraintsExtension, keyUsageExtension } from "./encode-extension.ts";
import type { Extensions } from "./certificate.ts";
import { encodeName } from "./encode-name.ts";
import { extensionOid } from "./extension-oid.ts";
import { parseCertificate } from "./parse-certificate.ts";

const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

function parse(rest: Uint8Array) {
  return parseCertificate(rawCertificate({ rest }), nodeCrypto);
}

type Name = keyof typeof extensionOid & keyof Extensions;

function decode(name: Name, value: Uint8Array) {
  const parsed = parse(rawExtensions({ oid: extensionOid[name], critical: true, value }));
  return parsed.ok ? parsed.certificate.extensions[name] : parsed.problem.code;
}

describe("RFC 5280 §4.2: the list of extensions", () => {
  const extension = (oid: string, critical = false) => ({ oid, critical, value: hex("0500") });

  test("every extension is kept as it stands, also one that nobody knows", () => {
    const parsed = parse(rawExtensions(extension("1.2.3"), extension("1.2.4", true)));
    expect(parsed).toMatchObject({ ok: true, certificate: { extensions: { unknownCritical: ["1.2.4"] } } });
    if (!parsed.ok) return;
    expect([...parsed.certificate.extensions.all.values()]).toMatchObject([
      { oid: "1.2.3", critical: false, value: hex("0500") },
      { oid: "1.2.4", critical: true },
    ]);
  });

  test("the same extension twice is refused at the second one", () => {
    const rest = rawExtensions(extension("1.2.3"), extension("1.2.4"), extension("1.2.3"));
    const at = Buffer.from(rawCertificate({ rest })).lastIndexOf(hex("3008 06022a03"));
    expect(parse(rest)).toMatchObject({ ok: false, problem: { code: "der-duplicate-extension", offset: at } });
  });

  test.each([
    ["64 are read", 64, true],
    ["65 are refused", 65, false],
  ])("%s", (_, count, ok) => {
    const parsed = parse(rawExtensions(...Array.from({ length: count }, (__, i) => extension(`1.2.${i}`))));
    expect(parsed.ok).toBe(ok);
    if (!parsed.ok) expect(parsed.problem.code).toBe("der-too-large");
  });

  test.each([
    ["no value", encodeSequence(encodeOid("1.2.3")), "der-truncated"],
    ["a value of another type", encodeSequence(encodeOid("1.2.3"), hex("0500")), "der-unexpected-tag"],
    ["something after the value", encodeSequence(encodeOid("1.2.3"), hex("0400 0500")), "der-trailing-data"],
    ["critical 01", encodeSequence(encodeOid("1.2.3"), hex("010101 0400")), "der-bad-boolean"],
    ["critical twice", encodeSequence(encodeOid("1.2.3"), hex("0101ff 0101ff 0400")), "der-unexpected-tag"],
    ["a constructed value", encodeSequence(encodeOid("1.2.3"), hex("2402 0400")), "der-unexpected-tag"],
    ["no OID", encodeSequence(hex("0400")), "der-unexpected-tag"],
    ["no SEQUENCE", hex("0500"), "der-unexpected-tag"],
  ])("an extension with %s is refused", (_, element, code) => {
    expect(parse(rawExtensions(element))).toMatchObject({ ok: false, problem: { code } });
  });

  test("something after the decoded value is refused inside extnValue", () => {
    expect(decode("basicConstraints", hex("3000 0500"))).toBe("der-trailing-data");
  });
});

describe("RFC 5280 §4.2.1: each extension", () => {
  test.each<[Name, string, string, unknown]>([
    ["basicConstraints", "nothing in it", "3000", { cA: false }],
    ["basicConstraints", "cA", "3003 0101ff", { cA: true }],
    ["basicConstraints", "cA and pathLen 0", "3006 0101ff 020100", { cA: true, pathLenConstraint: 0 }],
    ["basicConstraints", "pathLen 300", "3007 0101ff 0202012c", { cA: true, pathLenConstraint: 300 }],
    ["basicConstraints", "a huge pathLen", "300b 0101ff 0206010000000000", { cA: true, pathLenConstraint: 0x7fffffff }],
    ["subjectKeyIdentifier", "four octets", "0404 01020304", hex("01020304")],
    ["subjectKeyIdentifier", "none", "0400", new Uint8Array()],
    ["authorityKeyIdentifier", "nothing in it", "3000", {}],
    ["authorityKeyIdentifier", "a key", "3004 80020102", { keyIdentifier: hex("0102") }],
    [
      "authorityKeyIdentifier",
      "issuer and serial number",
      "3008 a103820161 820105",
      { authorityCertIssuer: [{ form: "dNSName", text: "a" }], authorityCertSerialNumber: hex("05") },
    ],
    ["extendedKeyUsage", "two purposes", "3008 06022a03 06022a04", ["1.2.3", "1.2.4"]],
    ["certificatePolicies", "one", "3006 3004 06022a03", ["1.2.3"]],
    ["certificatePolicies", "with qualifiers", "300a 3008 06022a03 30020500", ["1.2.3"]],
    [
      "policyMappings",
      "one",
      "300a 3008 06022a03 06022a04",
      [{ issuerDomainPolicy: "1.2.3", subjectDomainPolicy: "1.2.4" }],
    ],
    ["policyConstraints", "both", "3006 800100 810102", { requireExplicitPolicy: 0, inhibitPolicyMapping: 2 }],
    ["policyConstraints", "the second", "3003 810102", { inhibitPolicyMapping: 2 }],
    ["inhibitAnyPolicy", "3", "020103", 3],
    [
      "nameConstraints",
      "both lists",
      "300e a005 3003820161 a105 3003810162",
      {
        permittedSubtrees: [{ form: "dNSName", text: "a" }],
        excludedSubtrees: [{ form: "rfc822Name", text: "b" }],
        hasMinimumOrMaximum: false,
      },
    ],
    ["nameConstraints", "minimum 0", "300a a008 3006820161 800100", { hasMinimumOrMaximum: false }],
    ["nameConstraints", "minimum 1", "300a a008 3006820161 800101", { hasMinimumOrMaximum: true }],
    ["nameConstraints", "a maximum", "300a a008 3006820161 810100", { hasMinimumOrMaximum: true }],
  ])("%s: %s", (name, _, value, expected) => {
    const decoded = decode(name, hex(value));
    if (name === "nameConstraints") expect(decoded).toMatchObject(expected as object);
    else expect(decoded).toEqual(expected);
  });

  test.each<[Name, string, string, string]>([
    ["basicConstraints", "another type", "0500", "der-unexpected-tag"],
    ["basicConstraints", "cA 01", "3003 010101", "der-bad-boolean"],
    ["basicConstraints", "a negative pathLen", "3006 0101ff 0201ff", "der-bad-integer"],
    ["basicConstraints", "the parts in the wrong order", "3006 020100 0101ff", "der-trailing-data"],
    ["basicConstraints", "a third part", "3008 0101ff 020100 0500", "der-trailing-data"],
    ["subjectKeyIdentifier", "another type", "0300", "der-unexpected-tag"],
    ["authorityKeyIdentifier", "a part nobody knows", "3003 830100", "der-trailing-data"],
    ["authorityKeyIdentifier", "issuer without serial number", "3005 a103820161", "der-bad-value"],
    ["authorityKeyIdentifier", "serial number without issuer", "3003 820105", "der-bad-value"],
    ["authorityKeyIdentifier", "no issuer in the list", "3005 a100 820105", "der-empty-sequence"],
    ["keyUsage", "unused bits that are set", "0302 0307", "der-bad-bit-string"],
    ["keyUsage", "another type", "0400", "der-unexpected-tag"],
    ["extendedKeyUsage", "no purpose", "3000", "der-empty-sequence"],
    ["extendedKeyUsage", "a purpose that is none", "3002 0500", "der-unexpected-tag"],
    ["subjectAltName", "no name", "3000", "der-empty-sequence"],
    ["subjectAltName", "eight bits", "3003 8201e4", "der-bad-string"],
    ["subjectAltName", "a form nobody knows", "3002 8900", "der-unexpected-tag"],
    ["subjectAltName", "a constructed dNSName", "3002 a200", "der-unexpected-tag"],
    ["subjectAltName", "two names in a directoryName", "3006 a404 3000 3000", "der-trailing-data"],
    ["nameConstraints", "nothing in it", "3000", "der-empty-sequence"],
    ["nameConstraints", "an empty list", "3002 a000", "der-empty-sequence"],
    ["nameConstraints", "the lists in the wrong order", "300e a105 3003810162 a005 3003820161", "der-trailing-data"],
    ["nameConstraints", "a negative minimum", "300a a008 3006820161 8001ff", "der-bad-integer"],
    ["nameConstraints", "a fourth part", "300c a00a 3008820161 810100 0500", "der-trailing-data"],
    ["certificatePolicies", "no policy", "3000", "der-empty-sequence"],
    ["certificatePolicies", "a policy twice", "300c 3004 06022a03 3004 06022a03", "der-bad-value"],
    ["certificatePolicies", "qualifiers of another type", "3008 3006 06022a03 0500", "der-unexpected-tag"],
    ["policyMappings", "no mapping", "3000", "der-empty-sequence"],
    ["policyMappings", "half a mapping", "3006 3004 06022a03", "der-truncated"],
    ["policyConstraints", "nothing in it", "3000", "der-empty-sequence"],
    ["policyConstraints", "a negative number", "3003 8001ff", "der-bad-integer"],
    ["inhibitAnyPolicy", "a negative number", "0201ff", "der-bad-integer"],
  ])("%s is refused: %s", (name, _, value, code) => expect(decode(name, hex(value))).toBe(code));

  test("keyUsage has the nine bits of §4.2.1.3", () => {
    expect(decode("keyUsage", hex("0302 0780"))).toMatchObject({ digitalSignature: true, keyCertSign: false });
    expect(decode("keyUsage", hex("0303 07 0480"))).toEqual({
      digitalSignature: false,
      nonRepudiation: false,
      keyEncipherment: false,
      dataEncipherment: false,
      keyAgreement: false,
      keyCertSign: true,
      cRLSign: false,
      encipherOnly: false,
      decipherOnly: true,
    });
    const { value } = keyUsageExtension(["keyCertSign", "cRLSign"]);
    expect(decode("keyUsage", value)).toMatchObject({ keyCertSign: true, cRLSign: true, digitalSignature: false });
  });

  test.each([
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
  ] as const)("%s is its own bit of keyUsage", (bit) => {
    const usage = decode("keyUsage", keyUsageExtension([bit]).value);
    expect(Object.entries(usage ?? {}).filter(([, isSet]) => isSet)).toEqual([[bit, true]]);
  });

  test("subjectAltName has all nine forms of GeneralName", () => {
    const directoryName = encodeElement(0xa4, encodeName({ CN: "x" }));
    const value = encodeSequence(
      hex("a000 810161 820162 a300"),
      directoryName,
      hex("a500 860163 87047f000001 88022a03"),
    );
    expect(decode("subjectAltName", value)).toMatchObject([
      { form: "otherName", der: hex("a000") },
      { form: "rfc822Name", text: "a" },
      { form: "dNSName", text: "b" },
      { form: "x400Address" },
      { form: "directoryName", name: { canonical: "[2.5.4.3:1=x]" } },
      { form: "ediPartyName" },
      { form: "uniformResourceIdentifier", text: "c" },
      { form: "iPAddress", octets: hex("7f000001") },
      { form: "registeredID", der: hex("88022a03") },
    ]);
  });

  test.each([
    [1_024, true],
    [1_025, false],
  ])("%i names in one subjectAltName are read: %s", (count, ok) => {
    const value = encodeSequence(...Array.from({ length: count }, () => hex("820161")));
    const decoded = decode("subjectAltName", value);
    expect(Array.isArray(decoded)).toBe(ok);
    if (!ok) expect(decoded).toBe("der-too-many-names");
  });

  test("the names of both lists of constraints count together", () => {
    const subtrees = (number: number, count: number) =>
      encodeElement(0xa0 + number, ...Array.from({ length: count }, () => hex("3003820161")));
    expect(decode("nameConstraints", encodeSequence(subtrees(0, 512), subtrees(1, 512)))).toHaveProperty(
      "permittedSubtrees",
    );
    expect(decode("nameConstraints", encodeSequence(subtrees(0, 512), subtrees(1, 513)))).toBe("der-too-many-names");
  });

  test.each([
    [1_024, true],
    [1_025, false],
  ])("%i purposes are read: %s", (count, ok) => {
    const value = encodeSequence(...Array.from({ length: count }, () => hex("06022a03")));
    expect(Array.isArray(decode("extendedKeyUsage", value))).toBe(ok);
  });

  test("known critical extensions are understood", () => {
    const parsed = parse(rawExtensions(basicConstraintsExtension({ cA: true }), keyUsageExtension(["keyCertSign"])));
    expect(parsed).toMatchObject({ ok: true, certificate: { extensions: { unknownCritical: [] } } });
  });
});
