import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createSecureContext, createServer, type TLSSocket } from "node:tls";
import { decodeBase64 } from "@tcm/core";
import { type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
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

/** What a server says of a client with these anchors, which leaves the verdict to OpenSSL. */
async function verdictOfOpenssl(ca: string, client: TestCertificate): Promise<string> {
  const pair = testPki({ now: new Date() }).root("Server").server("localhost");
  const server = createServer({
    key: pair.privateKeyPem,
    cert: pair.pem,
    ca,
    requestCert: true,
    rejectUnauthorized: false,
  });
  onTestFinished(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const offered = { cert: client.pem, key: client.privateKeyPem, rejectUnauthorized: false };
  const socket = connect({ port, host: "127.0.0.1", ...offered });
  const [accepted] = (await once(server, "secureConnection")) as [TLSSocket];
  socket.destroy();
  return accepted.authorized ? "authorized" : String(accepted.authorizationError);
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

  test("a CA's old name with a key of another kind, and no key identifiers to tell, is no root, and its clients are let in", async () => {
    const now = { now: new Date() };
    const bare = { subjectKeyIdentifier: false, authorityKeyIdentifier: false } as const;
    const before = testPki(now).root("Root", bare);
    const rollover = before.crossSign(testPki(now).root("Root", { ...bare, keyType: "rsa2048" }));
    expect(await verdictOfOpenssl(rollover.pem, rollover.leaf("client"))).toBe("UNABLE_TO_GET_ISSUER_CERT");
    expect(await verdictOfOpenssl(renderAnchor(rollover.certificate), rollover.leaf("client"))).toBe("authorized");
  });

  test("a CA's old name that names its issuer by serial number is no root", () => {
    const { certificate } = root;
    const named = (authorityCertSerialNumber: Uint8Array) =>
      renderAnchor({
        ...certificate,
        extensions: { ...certificate.extensions, authorityKeyIdentifier: { authorityCertSerialNumber } },
      });
    expect(named(Uint8Array.of(1, 2, 3))).toContain("TRUSTED");
    expect(named(certificate.serialNumber)).not.toContain("TRUSTED");
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
