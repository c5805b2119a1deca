import { type TestCertificate, testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { keyPurpose } from "../certificate/extension-oid.ts";
import { verify } from "./testdata/verify.ts";
import type { PathRequest } from "./validate-path.ts";

const pki = testPki();
const root = pki.root("Root");
const issuing = root.intermediate("Issuing");
const client = issuing.leaf("client");

function advice(
  chain: readonly TestCertificate[],
  anchors: readonly TestCertificate[],
  overrides: Partial<PathRequest> = {},
): readonly string[] {
  const result = verify(chain, anchors, { advise: true, ...overrides });
  expect(result.verdict).toBe("accepted");
  return result.advice.map(({ code, stop }) => (stop === undefined ? code : `${code}: ${stop}`));
}

describe("advice about engines on OpenSSL", () => {
  test("is given only where it is asked for, and there is none about an ordinary path", () => {
    const lastSecond = issuing.leaf("x", { notAfter: pki.now });
    expect(verify(lastSecond.chain, [root]).advice).toEqual([]);
    expect(advice(client.chain, [root])).toEqual([]);
    expect(advice([client], [client])).toEqual([]);
  });

  test("the last second of the validity period", () => {
    expect(advice(issuing.leaf("x", { notAfter: pki.now }).chain, [root])).toEqual(["openssl-not-after-exclusive"]);
    expect(advice(issuing.leaf("x", { notAfter: pki.now + 1 }).chain, [root])).toEqual([]);
  });

  test("anyExtendedKeyUsage, in a client's or a CA's certificate", () => {
    const extendedKeyUsage = [keyPurpose.any];
    expect(advice(issuing.leaf("x", { extendedKeyUsage }).chain, [root])).toEqual(["openssl-any-eku"]);
    expect(advice(root.intermediate("I", { extendedKeyUsage }).leaf("x").chain, [root])).toEqual(["openssl-any-eku"]);
    const both = issuing.leaf("x", { extendedKeyUsage: [keyPurpose.any, keyPurpose.clientAuth] });
    expect(advice(both.chain, [root])).toEqual([]);
    expect(advice(issuing.leaf("x", { extendedKeyUsage }).chain, [root], { purpose: "any" })).toEqual([]);
  });

  test("an issuer whose key identifier is not the one named", () => {
    const odd = issuing.leaf("x", { authorityKeyIdentifier: Uint8Array.of(1) });
    expect(advice(odd.chain, [root])).toEqual(["openssl-issuer-filter", "openssl-no-backtracking: issuer-not-found"]);
  });

  test("a Common Name that DNS constraints would not permit, where there is no DNS name", () => {
    const ca = root.intermediate("I", { nameConstraints: { permitted: [{ dns: "a.test" }] } });
    expect(advice(ca.leaf("x.b.test").chain, [root])).toEqual(["openssl-common-name-as-dns"]);
    expect(advice(ca.leaf("X.A.test").chain, [root])).toEqual([]);
    expect(advice(ca.leaf("client").chain, [root])).toEqual([]);
    expect(advice(ca.leaf("x.b.test", { subjectAltName: [{ dns: "a.test" }] }).chain, [root])).toEqual([]);
    expect(advice(root.leaf("x.b.test").chain, [root])).toEqual([]);
  });

  test("a path that fails and is followed first", () => {
    const other = pki.root("Other");
    const cross = other.crossSign(issuing, { extendedKeyUsage: [keyPurpose.serverAuth] });
    expect(advice([client, cross, issuing], [other, root])).toEqual(["openssl-no-backtracking: ca-eku-not-permitted"]);
    expect(advice([client, issuing, cross], [other, root])).toEqual([]);
  });

  test("a path that is followed first and is in its last second", () => {
    const newest = issuing.renew({ notBefore: pki.now - 10, notAfter: pki.now + 86_400 * 4_000 });
    const ending = root.renew({ notAfter: pki.now });
    const later = pki.root("Later");
    const cross = later.crossSign(issuing, { notAfter: pki.now + 86_400 * 5_000 });
    const result = advice([client, newest, cross], [ending, later]);
    expect(result).toEqual(["openssl-no-backtracking: expired"]);
  });
});

describe("advice about a refused client that engines on OpenSSL let in", () => {
  const refused = (chain: readonly TestCertificate[], advise = true): readonly string[] => {
    const result = verify(chain, [root], { advise });
    expect(result.verdict).toBe("refused");
    return result.advice.map(({ code, certificate }) => `${code}: ${certificate.fingerprint}`);
  };

  test("a CA by its keyCertSign alone", () => {
    const ca = root.intermediate("I", { basicConstraints: undefined });
    expect(refused(ca.leaf("x").chain)).toEqual([`openssl-ca-by-key-usage: ${ca.fingerprint}`]);
    expect(refused(ca.leaf("x").chain, false)).toEqual([]);
    expect(
      refused(root.intermediate("I", { basicConstraints: undefined, keyUsage: undefined }).leaf("x").chain),
    ).toEqual([]);
  });

  test("a DNS constraint with a leading dot", () => {
    const ca = root.intermediate("I", { nameConstraints: { permitted: [{ dns: ".a.test" }] } });
    expect(refused(ca.leaf("x", { subjectAltName: [{ dns: "x.a.test" }] }).chain)).toEqual([
      `openssl-leading-dot: ${ca.fingerprint}`,
    ]);
  });

  test("a wildcard name over an excluded one", () => {
    const ca = root.intermediate("I", { nameConstraints: { excluded: [{ dns: "x.a.test" }] } });
    const leaf = ca.leaf("x", { subjectAltName: [{ dns: "*.a.test" }] });
    expect(refused(leaf.chain)).toEqual([`openssl-wildcard-not-excluded: ${leaf.fingerprint}`]);
    expect(refused(ca.leaf("x", { subjectAltName: [{ dns: "x.a.test" }] }).chain)).toEqual([]);
  });
});
