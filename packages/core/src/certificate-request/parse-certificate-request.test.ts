import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCertificateRequest, generateKeyPair, type KeyType, nodeCrypto } from "@tcm/node-crypto";
import { temporaryDirectory } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../der/der-writer.ts";
import { maxCertificateRequestBytes, parseCertificateRequest } from "./parse-certificate-request.ts";

const parse = (der: Uint8Array) => parseCertificateRequest(der, nodeCrypto);

function codeOf(der: Uint8Array): string {
  const parsed = parse(der);
  if (parsed.ok) return "ok";
  return parsed.problem.code === "request-malformed" ? parsed.problem.der.code : parsed.problem.code;
}

describe("a certificate request proves that its sender holds the key", () => {
  test.each<KeyType>(["p256", "ed25519"])("%s: its key is read", (type) => {
    const pair = generateKeyPair(type);
    const parsed = parse(createCertificateRequest(pair));
    const spki = pair.publicKey.export({ type: "spki", format: "der" });
    expect(parsed.ok && Buffer.from(parsed.publicKey.der).equals(spki)).toBe(true);
  });

  test.each<KeyType>(["p256", "ed25519"])("%s: a request for another's key is refused", (type) => {
    const [own, other] = [generateKeyPair(type), generateKeyPair(type)];
    const forged = createCertificateRequest({ publicKey: other.publicKey, privateKey: own.privateKey });
    expect(codeOf(forged)).toBe("request-signature-invalid");
  });

  test.each<KeyType>(["p384", "p521", "rsa2048", "ed448"])("%s is no key for a node", (type) => {
    expect(codeOf(createCertificateRequest(generateKeyPair(type)))).toBe("request-key-type");
  });

  test("a signature by another algorithm than the key's is refused", () => {
    const { publicKey } = generateKeyPair("p256");
    const { privateKey } = generateKeyPair("ed25519");
    expect(codeOf(createCertificateRequest({ publicKey, privateKey }))).toBe("request-signature-invalid");
  });

  test("what OpenSSL makes, with a subject and extensions, is read for its key alone", () => {
    const file = join(temporaryDirectory(), "request.der");
    const args = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-outform", "DER"];
    const names = ["-subj", "/CN=admin", "-addext", "subjectAltName=URI:spiffe://tcm/production/other"];
    execFileSync("openssl", [...args, ...names, "-keyout", `${file}.key`, "-out", file], { stdio: "ignore" });
    expect(codeOf(readFileSync(file))).toBe("ok");
  });
});

describe("a certificate request is read strictly", () => {
  const request = createCertificateRequest(generateKeyPair("p256"));

  test("nothing may follow it", () => {
    expect(codeOf(concatBytes([request, Uint8Array.of(0)]))).toBe("der-trailing-data");
  });

  test("it has a limit, before anything of it is read", () => {
    expect(codeOf(new Uint8Array(maxCertificateRequestBytes + 1))).toBe("der-too-large");
  });

  test("every truncation is refused", () => {
    for (let length = 0; length < request.length; length++) expect(parse(request.subarray(0, length)).ok).toBe(false);
  });

  test("no changed byte passes as it was, and none throws", () => {
    for (let at = 0; at < request.length; at++) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = Uint8Array.from(request);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(codeOf(changed)).not.toBe("ok");
      }
    }
  });

  test("random bytes are refused, and none throws", () => {
    let state = 1;
    const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24;
    for (let i = 0; i < 500; i++) {
      const noise = Uint8Array.from({ length: next() }, next);
      expect(codeOf(noise)).not.toBe("ok");
      // The same inside the frame of a request, where more of the reader is reached.
      const framed = Uint8Array.from(request);
      framed.set(noise.subarray(0, 8), 4 + (next() % (request.length - 12)));
      expect(parse(framed).ok && !Buffer.from(framed).equals(request)).toBe(false);
    }
  });
});
