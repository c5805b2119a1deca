import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { decodeBase64 } from "@tcm/core";
import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { renderAnchor, renderTrustPem } from "./render-trust-pem.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");

function bytesOf(pem: string): Uint8Array {
  const [, body = ""] = /-----\n([^-]+)-----END/.exec(pem) ?? [];
  const decoded = decodeBase64(body);
  if (!decoded.ok) throw new Error("no base64");
  return decoded.bytes;
}

describe("anchors as engines on OpenSSL take them", () => {
  test("a root is a plain certificate", () => {
    expect(renderAnchor(root.certificate)).toBe(root.pem);
  });

  test("an intermediate is its DER and the trust for clientAuth, fourteen constant bytes", () => {
    const pem = renderAnchor(issuing.certificate);
    expect(pem).toMatch(/^-----BEGIN TRUSTED CERTIFICATE-----\n[^]*\n-----END TRUSTED CERTIFICATE-----\n$/);
    const trust = Buffer.from("300c300a06082b06010505070302", "hex");
    expect(Buffer.from(bytesOf(pem))).toEqual(Buffer.concat([issuing.der, trust]));
    expect(new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase()).toBe(issuing.fingerprint);
  });

  test("a CA's old name with a new key, signed by the old key, is no root", () => {
    const rollover = root.crossSign(pki.root("Root"));
    expect(rollover.certificate.subject.canonical).toBe(rollover.certificate.issuer.canonical);
    expect(renderAnchor(rollover.certificate)).toContain("TRUSTED");
  });

  test("a root without key identifiers is one", () => {
    expect(renderAnchor(pki.root("Old", { subjectKeyIdentifier: false }).certificate)).not.toContain("TRUSTED");
  });

  test("a set has no empty line, and OpenSSL takes all of it", () => {
    const pem = renderTrustPem([root.certificate, issuing.certificate]);
    expect(pem).not.toContain("\n\n");
    expect(() => createSecureContext({ ca: pem })).not.toThrow();
  });
});
