import { generateKeyPairSync } from "node:crypto";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { decodePem } from "./decode-pem.ts";
import { findPrivateKey } from "./find-private-key.ts";
import { renderPem } from "./render-pem.ts";

const { privateKey: ec } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const { privateKey: long } = generateKeyPairSync("ec", { namedCurve: "P-521" });
const { privateKey: rsa } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { privateKey: edwards, publicKey } = generateKeyPairSync("ed25519");
const der = { format: "der" } as const;
const encrypted = { ...der, type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" } as const;
const base64 = (bytes: Buffer): string => bytes.toString("base64");

const keys: readonly (readonly [string, string])[] = [
  ["PKCS#8, Ed25519", base64(edwards.export({ ...der, type: "pkcs8" }))],
  ["PKCS#8, P-256", base64(ec.export({ ...der, type: "pkcs8" }))],
  ["PKCS#8, RSA", base64(rsa.export({ ...der, type: "pkcs8" }))],
  ["PKCS#1", base64(rsa.export({ ...der, type: "pkcs1" }))],
  ["SEC 1", base64(ec.export({ ...der, type: "sec1" }))],
  ["PKCS#8, encrypted, RSA", base64(rsa.export(encrypted))],
  ["PKCS#8, encrypted, Ed25519", base64(edwards.export(encrypted))],
  ["PKCS#8, P-521", base64(long.export({ ...der, type: "pkcs8" }))],
  ["SEC 1, P-521", base64(long.export({ ...der, type: "sec1" }))],
  [
    "a key store in BER, its length not told",
    base64(Buffer.from(`3080020103308006092a864886f70d010701${"00".repeat(40)}`, "hex")),
  ],
];

/** RFC 2315 §7, §9.1: certificates alone, as `openssl crl2pkcs7` begins them; with lengths of one byte, and of two. */
const pkcs7Beginnings = [
  "3082011006092a864886f70d010702a08201013081fe0201013100300b06092a864886f70d010701a08201e0",
  "3082111006092a864886f70d010702a08211013082110e0201013100300b06092a864886f70d010701a08211e0",
];

const root = testPki().root("Stray Root");

describe("a private key beside a certificate is never kept", () => {
  test.each(keys)("%s without boundary lines, before, behind or on the line of something else", (_form, key) => {
    const lines = key.replace(/.{64}/g, "$&\n");
    for (const text of [key, lines, `key: ${key}`, `# ${key}`, `\ufeff\n\n${lines}`, `"${key}"`]) {
      expect(findPrivateKey(text), text).toBeDefined();
      for (const around of [`${text}\n${root.pem}`, `${root.pem}${text}\n`, `${root.pem}${text}\n${root.pem}`]) {
        const { problems } = decodePem(around, { maxBlocks: 3 });
        expect(problems).toMatchObject([{ code: "pem-unexpected-block", label: "PRIVATE KEY" }]);
        expect(JSON.stringify(problems)).not.toContain(key.slice(0, 20));
      }
    }
  });

  test.each([
    "Private-Key: (2048 bit, 2 primes)\nmodulus:",
    "privateExponent:\n    00:a1",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
    "Private-Lines: 14",
    `"d":"${"A".repeat(43)}"`,
  ])("what tools print of one: %j", (text) => {
    expect(findPrivateKey(text)).toBe(0);
  });

  test("its line is told", () => {
    const key = keys[0]?.[1] ?? "";
    const { problems } = decodePem(`${root.pem}\n# from the old CA\n${key}\n`, { maxBlocks: 3 });
    expect(problems[0]?.line).toBe(root.pem.split("\n").length + 2);
  });
});

describe("what may stand beside a certificate", () => {
  test.each([
    ["a fingerprint", "SHA-256: 3082010a0201003082010a02010030820"],
    ["a printed certificate", "X509v3 Private Key Usage Period:\n  Modulus:\n 00:b1\n  Exponent: 65537 (0x10001)"],
    ["words", "MIGRATED by the team. MEMBER of MAIN. Our HSM holds the private key."],
    ["a public key", base64(publicKey.export({ ...der, type: "spki" }))],
    ["another certificate in base64", root.pem.replace(/-.*-/g, "")],
    ["a name in base64", base64(Buffer.from("MICROSOFT and a lot more of text to be long enough"))],
  ])("%s", (_what, text) => {
    expect(findPrivateKey(text)).toBeUndefined();
    expect(decodePem(`${text}\n${root.pem}`, { maxBlocks: 3 }).problems).toEqual([]);
  });

  test.each(pkcs7Beginnings)("certificates in PKCS#7, wherever in three bytes they begin: %s", (content) => {
    for (const before of ["", "00", "0000"])
      expect(findPrivateKey(base64(Buffer.from(before + content, "hex"))), before).toBeUndefined();
  });

  test("no certificate is taken for a key, whatever its bytes", () => {
    const bytes = Buffer.from(keys[2]?.[1] ?? "", "base64");
    expect(decodePem(renderPem(bytes), { maxBlocks: 3 }).problems).toEqual([]);
  });
});

// A quadratic search would take hours here, so that the test's own time limit decides.
test.each(["MA", "MIE", "MAgB", "MIIEvgIB", "qhkiG9w0", '"d"  : '])("20 MB of %s come to an end", (beginning) => {
  expect(findPrivateKey(beginning.repeat(20_000_000 / beginning.length))).toBeUndefined();
});
