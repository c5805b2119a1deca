import { generateKeyPairSync } from "node:crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { pastedText, readHandedIn, refuseSizes } from "./read-files.ts";
import { refusedText } from "./refused-text.ts";

const pki = testPki();
const root = pki.root("Root A");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const secret = root.privateKeyPem.split("\n")[1] ?? "";
/** RFC 2315 §7: a ContentInfo of signedData without content. */
const pkcs7 = Uint8Array.fromHex("3080 0609 2a864886f70d010702 a080 0000 0000".replaceAll(" ", ""));
/** As `openssl crl2pkcs7` begins it. */
const longPkcs7 = Uint8Array.fromHex(
  "3082011006092a864886f70d010702a08201013081fe0201013100300b06092a864886f70d010701a08201e0",
);
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const encrypted = { cipher: "aes-256-cbc", passphrase: "x" };
/** RFC 7292 §4: a PFX of version 3, and the beginning of its ContentInfo. */
const keyStore = Uint8Array.fromHex(
  `308209f0 020103 308209b6 06092a864886f70d010701 ${"5a".repeat(2_000)}`.replaceAll(" ", ""),
);

describe("what is handed in", () => {
  test.each([
    ["PEM", bytes(`# ours\r\n${root.pem}`)],
    ["binary DER", new Uint8Array(root.der)],
  ])("%s is taken", (_name, content) => {
    const { found, refused } = readHandedIn([{ name: "a.crt", bytes: content }]);
    expect(refused).toEqual([]);
    expect(found.map(({ place }) => place.file)).toEqual(["a.crt"]);
    expect(found[0]?.subject).toBe("CN=Root A");
    expect(found[0]?.endDate).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(found[0]?.certificatePem.replaceAll(/\s/g, "")).toBe(root.pem.replaceAll(/\s/g, ""));
  });

  test.each([
    ["a private key", bytes(root.privateKeyPem), "this is a private key. It was not kept and not sent,"],
    ["a private key beside a certificate", bytes(root.pem + root.privateKeyPem), "this is a private key."],
    ["PKCS #7 in DER", pkcs7, "openssl pkcs7 -inform der -print_certs"],
    ["PKCS #7 of certificates in DER", longPkcs7, "openssl pkcs7 -inform der -print_certs"],
    ["PKCS #7 in PEM", bytes("-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----"), "openssl pkcs7 -print_certs"],
    ["a web page", bytes("<!doctype html>"), "this is a web page"],
    [
      "a request",
      bytes("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----"),
      "is no certificate",
    ],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff), "-----BEGIN CERTIFICATE-----"],
    ["nothing", new Uint8Array(), "-----BEGIN CERTIFICATE-----"],
  ])("%s is refused with what to do", (_name, content, words) => {
    const { found, refused } = readHandedIn([{ name: "a.bin", bytes: content }]);
    expect(found).toEqual([]);
    expect(refused.map(refusedText).join()).toContain(words);
    expect(refused.map(refusedText).join()).toMatch(/^a\.bin, line \d+: /);
  });

  test("who pasted a private key is not told of files", () => {
    const { refused } = readHandedIn([pastedText(root.pem + root.privateKeyPem)]);
    expect(refused.map(refusedText).join()).toMatch(
      /nothing else of this text was taken\. Paste the certificate alone/,
    );
  });

  test.each([
    ["its first line", /-----BEGIN PRIVATE KEY-----\n/],
    ["its last line", /-----END PRIVATE KEY-----\n/],
    ["both", /-----(?:BEGIN|END) PRIVATE KEY-----\n/g],
  ])("a private key without %s is one all the same", (_name, lines) => {
    const damaged = root.pem + root.privateKeyPem.replace(lines, "");
    const { found, refused } = readHandedIn([{ name: "a.pem", bytes: bytes(damaged) }]);
    expect(found).toEqual([]);
    expect(refused.map(refusedText).join()).toContain("this is a private key.");
  });

  test("of a file with a private key nothing is kept; other files are taken", () => {
    const read = readHandedIn([
      { name: "both.pem", bytes: bytes(root.pem + root.privateKeyPem) },
      { name: "good.pem", bytes: bytes(root.pem) },
    ]);
    expect(read.found.map(({ place }) => place.file)).toEqual(["good.pem"]);
    expect(secret.length).toBeGreaterThan(40);
    expect(JSON.stringify(read)).not.toContain(secret);
  });

  test.each([
    ["PKCS #1", rsa.export({ format: "der", type: "pkcs1" })],
    ["PKCS #8", rsa.export({ format: "der", type: "pkcs8" })],
    ["PKCS #8 of P-256", ec.export({ format: "der", type: "pkcs8" })],
    ["SEC 1", ec.export({ format: "der", type: "sec1" })],
    ["PKCS #8, encrypted", rsa.export({ format: "der", type: "pkcs8", ...encrypted })],
    ["a key store, PKCS #12", keyStore],
  ])("of a private key in binary nothing is kept: %s", (_name, key) => {
    const read = readHandedIn([{ name: "a.der", bytes: new Uint8Array(key) }]);
    expect(read.found).toEqual([]);
    expect(read.refused.map(refusedText).join()).toMatch(/^a\.der, line 1: this is a private key\./);
    const inside = Buffer.from(key).subarray(45, 90).toString("base64").slice(4, 24);
    expect(inside).toHaveLength(20);
    expect(JSON.stringify(read)).not.toContain(inside);
  });

  test("certificates beside a block of another kind are taken", () => {
    const text = `${root.pem}-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----`;
    const { found, refused } = readHandedIn([{ name: "a.pem", bytes: bytes(text) }]);
    expect(found).toHaveLength(1);
    expect(refused.map(refusedText).join()).toContain('a block "X509 CRL" is no certificate');
  });

  test("a block that holds no certificate is left to the server to judge, without a name", () => {
    const { found } = readHandedIn([
      { name: "a.pem", bytes: bytes("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----") },
    ]);
    expect(found.map(({ subject, endDate }) => [subject, endDate])).toEqual([[undefined, undefined]]);
  });

  test("sizes are looked at before anything is read", () => {
    expect(refuseSizes([{ name: "a", size: 8 * 1024 * 1024 }])).toBeUndefined();
    const many = [
      { name: "small.pem", size: 1 },
      { name: "film.mp4", size: 20_000_000 },
    ];
    expect(refuseSizes(many)).toMatch(/the largest is film\.mp4/);
  });
});
